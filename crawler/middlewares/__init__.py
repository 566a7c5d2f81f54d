"""What stands between the spiders and the network: addresses, pace, robots.txt, and the handler that joins them."""
