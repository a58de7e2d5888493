"""How descriptions are read: to the letter, but for what Graph itself could not meet."""


def as_meant(document):
    """They are made from Graph's metadata by a converter that loses some of it. Each of these puts one thing back;
    without them, an answer that Microsoft's own pages print would not pass."""
    schemas = document["components"]["schemas"]
    inheritance(schemas)
    nullable_references(schemas)
    free_inner_error(schemas)
    sequence_number(schemas)
    return document


def inheritance(schemas):
    """`allOf` is one object with the properties of all parts.

    To the letter, each part wants what only the others describe to be an object: a presence is an entity, which knows
    `id` alone, so that its `availability` could not be a text. Merged, that holds for what no part describes; and a
    misspelt name is caught.
    """
    for name, schema in schemas.items():
        if "allOf" in schema:
            parts = [schemas[part["$ref"].rsplit("/", 1)[1]] if "$ref" in part else part for part in schema["allOf"]]
            properties = {name: value for part in parts for name, value in part["properties"].items()}
            schemas[name] = {**parts[-1], "properties": properties}


def nullable_references(schemas):
    """OpenAPI 3.0 has no `nullable` beside a `$ref`; in the metadata these may be null.
    https://learn.microsoft.com/graph/api/resources/presence"""
    for name in ["presenceStatusMessage", "dateTimeTimeZone", "outOfOfficeSettings"]:
        schemas.get(f"microsoft.graph.{name}", {})["nullable"] = True


def free_inner_error(schemas):
    """"The structure of this object is service-specific", it says itself; Graph's has texts.
    https://learn.microsoft.com/graph/errors"""
    schemas["microsoft.graph.ODataErrors.InnerError"]["additionalProperties"] = True


def sequence_number(schemas):
    """Came to Graph after January 2025. https://learn.microsoft.com/graph/api/resources/presence"""
    schemas["microsoft.graph.presence"]["properties"]["sequenceNumber"] = {"type": "string", "nullable": True}


def closed(document):
    """Any description, without room for properties that it does not name: what the library writes itself has none."""
    if isinstance(document, list):
        return [closed(item) for item in document]
    if isinstance(document, dict):
        return {name: name != "additionalProperties" and closed(item) for name, item in document.items()}
    return document
