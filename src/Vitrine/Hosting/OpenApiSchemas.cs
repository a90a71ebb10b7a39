using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Vitrine.Hosting;

/// <summary>The values that a text can have, for the description of the interface.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OneOfAttribute(params string[] values) : Attribute
{
    /// <summary>The values.</summary>
    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>The type that the items of a list look like, where their own type does not say it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemsLikeAttribute(Type type) : Attribute
{
    /// <summary>The type that is described instead.</summary>
    public Type Type { get; } = type;
}

/// <summary>Makes the schemas say what the serialiser does.</summary>
internal static class OpenApiSchemas
{
    /// <summary>
    /// A property is there unless it is marked as left out when it is null, and then it is never null; one that is left
    /// out by default may be either.
    /// </summary>
    public static async Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        if (context.JsonPropertyInfo is { AttributeProvider: { } property })
        {
            if (!context.JsonPropertyInfo.IsGetNullable || Attribute<JsonIgnoreAttribute>(property)?.Condition == JsonIgnoreCondition.WhenWritingNull)
            {
                schema.Type &= ~JsonSchemaType.Null;
            }

            if (Attribute<JsonNumberHandlingAttribute>(property)?.Handling == JsonNumberHandling.AllowReadingFromString)
            {
                schema.Type |= JsonSchemaType.String;
            }

            if (Attribute<OneOfAttribute>(property) is { } oneOf)
            {
                schema.Enum = [.. oneOf.Values.Select(static value => (JsonNode)value)];
                if (schema.Type?.HasFlag(JsonSchemaType.Null) == true)
                {
                    schema.Enum.Add(JsonNullSentinel.JsonNull);
                }
            }

            if (Attribute<ItemsLikeAttribute>(property) is { } items)
            {
                schema.Items = await context.GetOrCreateSchemaAsync(items.Type, null, cancellation);
            }
        }

        if (context.JsonTypeInfo.Kind == System.Text.Json.Serialization.Metadata.JsonTypeInfoKind.Object && schema.Properties is { Count: > 0 } properties)
        {
            schema.Required = context.JsonTypeInfo.Properties
                .Where(one => properties.ContainsKey(one.Name) && one.AttributeProvider is { } provider && Attribute<JsonIgnoreAttribute>(provider) is null)
                .Select(static one => one.Name)
                .ToHashSet();
        }
    }

    /// <summary>An answer that is no JSON is text or, in Parquet, bytes, whatever its JSON form looks like.</summary>
    public static Task DescribeTables(OpenApiOperation operation)
    {
        foreach (var (mediaType, content) in operation.Responses!.Values.SelectMany(static response => response.Content ?? new Dictionary<string, OpenApiMediaType>()))
        {
            if (mediaType is "text/csv" or "application/x-ndjson")
            {
                content.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = mediaType == "text/csv" ? "A header line that names the columns, then the rows (RFC 4180)." : "One JSON object a line.",
                };
            }
            else if (mediaType == "application/vnd.apache.parquet")
            {
                content.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Descriptions are one line each: where the source breaks its lines is nobody's concern.</summary>
    public static void JoinLines(Microsoft.OpenApi.OpenApiDocument document)
    {
        foreach (var schema in document.Components?.Schemas?.Values.OfType<OpenApiSchema>() ?? [])
        {
            schema.Description = schema.Description?.ReplaceLineEndings(" ");
        }
    }

    private static T? Attribute<T>(ICustomAttributeProvider provider)
        where T : Attribute => provider.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault();
}
