"""Scrapy settings. Only what differs from Scrapy's defaults, and why."""

import os
from typing import Any

BOT_NAME = "skilldemand"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# A good guest. Delays, Retry-After, backoff and the breaker live in crawler.middlewares.pace.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "skilldemand"
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0
DOWNLOAD_DELAY_JITTER = 0
COOKIES_ENABLED = False
REFERRER_POLICY = "no-referrer"
METAREFRESH_ENABLED = False
RETRY_TIMES = 3
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
REDIRECT_MAX_TIMES = 5

# Limits against hostile answers. The largest real board (1,442 postings with text) is about 20 MB.
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_VERIFY_CERTIFICATES = True
TWISTED_DNS_RESOLVER = "crawler.middlewares.guard.PublicResolver"

# Nothing listens, nothing phones home.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

_HANDLER = "crawler.middlewares.handler.GuestHandler"
DOWNLOAD_HANDLERS: dict[str, Any] = {
    "http": _HANDLER,
    "https": _HANDLER,
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOADER_MIDDLEWARES: dict[str, Any] = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.robots.Robots": 100,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
}
SPIDER_MIDDLEWARES: dict[str, Any] = {
    # Every status and every address reaches the board's account instead of vanishing on the way.
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
ITEM_PIPELINES = {"crawler.pipelines.StorePipeline": 500}

# A check of callbacks that reads their source again for every answer: for beginners, and dear.
WARN_ON_GENERATOR_RETURN_VALUE = False
LOG_LEVEL = "WARNING"
LOG_SHORT_NAMES = True
LOGSTATS_INTERVAL = 0
MEMUSAGE_ENABLED = False
FEED_EXPORT_ENCODING = "utf-8"
# `skilldemand crawl` puts its version and the contact here; `scrapy crawl KIND` has the contact from the environment.
USER_AGENT = f"skilldemand (+{os.environ.get('SKILLDEMAND_CONTACT', 'no contact given')})"
