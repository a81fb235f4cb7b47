"""Made-up corpora whose truth is known; the product never imports this."""
