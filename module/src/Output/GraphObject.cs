// The base of the models of Graph's objects: the JSON that an object was read from, which is sent again if the object is used as a body.

using MgPresence.Json;

namespace MgPresence;

/// <summary>An object that Graph sent.</summary>
public abstract class GraphObject
{
    private protected GraphObject(JsonObject json) => Json = json;

    /// <summary>The members exactly as Graph sent them.</summary>
    internal JsonObject Json { get; }
}
