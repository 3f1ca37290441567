"""The REST API as ASP.NET speaks it: JSON read and written along the shapes of the Services88 contract."""
