"""The event map: where events are, where they are missing, who could go there."""
