"""Authors, posts, tags and comments: pages, a JSON API and a command that fills them."""
