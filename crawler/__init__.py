"""Collecting postings: the record, the store, the importer, and (above the ground floor) the Scrapy crawler."""
