using System.Text.Json.Nodes;

namespace Vitrine.Experiences;

/// <summary>JSON merge patch (RFC 7396).</summary>
public static class MergePatch
{
    /// <summary>The target with the patch applied: members of objects are set, those of value null are taken away, everything else replaces.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target as JsonObject is { } present ? present.DeepClone().AsObject() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = Apply(result[name], value);
            }
        }

        return result;
    }
}
