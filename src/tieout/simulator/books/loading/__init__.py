"""From a file of books to `Books`: what every format needs. `content` is what a reader finds; `building` puts it together."""
