"""What mathematics says once its notation is known, as trees that can be evaluated."""
