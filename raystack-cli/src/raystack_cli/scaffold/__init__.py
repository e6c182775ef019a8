"""Writing new projects, apps and plugins: names, texts, and putting them in place."""
