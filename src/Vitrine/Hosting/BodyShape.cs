using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vitrine.Hosting;

/// <summary>
/// Compares a body with the shape that it must have, and names every field that differs. Deserialising alone stops at the
/// first one, and speaks of types of this program.
/// </summary>
internal static class BodyShape
{
    /// <summary>What is wrong with <paramref name="given"/>, added to <paramref name="errors"/>.</summary>
    /// <param name="path">JSON pointer to what is given; empty for the body.</param>
    /// <param name="given">A value whose strings are all good UTF-8.</param>
    /// <param name="type">Its shape: objects and lists of numbers and strings, and what may be anything.</param>
    /// <param name="errors">One for each field that is missing, unknown or of another type.</param>
    /// <param name="ignoresUnknown">Whether unknown fields are passed over, as clients of the vendor expect.</param>
    public static void Check(string path, JsonElement given, JsonTypeInfo type, List<ApiFieldError> errors, bool ignoresUnknown = false)
    {
        if (Expected(given, type) is { } expected)
        {
            errors.Add(new ApiFieldError(path, $"must be {expected}"));
        }
        else if (type.Kind == JsonTypeInfoKind.Object)
        {
            CheckFields(path, given, type, errors, ignoresUnknown);
        }
        else if (type.Kind == JsonTypeInfoKind.Enumerable)
        {
            var items = type.Options.GetTypeInfo(type.ElementType!);
            foreach (var (index, item) in given.EnumerateArray().Index())
            {
                Check($"{path}/{index}", item, items, errors, ignoresUnknown);
            }
        }
    }

    private static void CheckFields(string path, JsonElement given, JsonTypeInfo type, List<ApiFieldError> errors, bool ignoresUnknown)
    {
        foreach (var field in given.EnumerateObject())
        {
            var fieldPath = $"{path}/{field.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
            if (type.Properties.FirstOrDefault(property => property.Name == field.Name) is not { } known)
            {
                if (ignoresUnknown)
                {
                    continue;
                }

                errors.Add(new ApiFieldError(fieldPath, $"is none of {string.Join(", ", type.Properties.Select(static property => property.Name))}"));
            }
            else if (field.Value.ValueKind != JsonValueKind.Null || known.IsRequired)
            {
                Check(fieldPath, field.Value, type.Options.GetTypeInfo(Nullable.GetUnderlyingType(known.PropertyType) ?? known.PropertyType), errors, ignoresUnknown);
            }
        }

        errors.AddRange(type.Properties
            .Where(property => property.IsRequired && !given.TryGetProperty(property.Name, out _))
            .Select(property => new ApiFieldError($"{path}/{property.Name}", "is required")));
    }

    /// <summary>What should have been given instead; null when the value is of that type.</summary>
    private static string? Expected(JsonElement given, JsonTypeInfo type) =>
        type.Type == typeof(JsonElement) ? null
        : type.Kind == JsonTypeInfoKind.Object ? given.ValueKind == JsonValueKind.Object ? null : "an object"
        : type.Kind == JsonTypeInfoKind.Enumerable ? given.ValueKind == JsonValueKind.Array ? null : "a list"
        : type.Type == typeof(string) ? given.ValueKind == JsonValueKind.String ? null : "a string"
        : type.Type == typeof(double)
            ? given.ValueKind == JsonValueKind.Number && given.TryGetDouble(out var number) && double.IsFinite(number) ? null : "a number, within the range of 64-bit floating point"
        : type.Type == typeof(decimal) ? given.ValueKind == JsonValueKind.Number && given.TryGetDecimal(out _) ? null : "a number"
        : type.Type == typeof(int)
            ? given.ValueKind == JsonValueKind.Number && given.TryGetInt32(out _) ? null : "a whole number, written without a decimal point"
        : given.ValueKind == JsonValueKind.Number && given.TryGetInt64(out _) ? null : "a whole number, written without a decimal point";
}
