"""A company's bookkeeping, any vendor: invented from a seed, or loaded from SAF-T and SIE files."""
