"""Messages that arrive: what is new for each subscription, as e-mail, webhook or feed, each thing told once."""
