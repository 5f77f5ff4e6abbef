"""The event map: base map, cells, shades of countries, and the tokens by which the browser asks for them."""
