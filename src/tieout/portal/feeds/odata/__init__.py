"""OData v4 over the models: what a question means, how an answer is written, what there is."""
