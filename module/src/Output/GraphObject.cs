// What the models of Graph's objects share: the JSON that they were read from, which goes out again where one is given as a body.

using MgPresence.Json;

namespace MgPresence;

/// <summary>An object that Graph sent.</summary>
public abstract class GraphObject
{
    private protected GraphObject(JsonObject json) => Json = json;

    /// <summary>Every member as Graph sent it, and none that it did not send.</summary>
    internal JsonObject Json { get; }
}
