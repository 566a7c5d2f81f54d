"""One spider per kind of board; `base.BoardSpider` says what a new one needs."""
