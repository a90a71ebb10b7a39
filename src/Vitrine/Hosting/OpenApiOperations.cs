using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Vitrine.Hosting;

/// <summary>What the description of an endpoint needs beyond what its handler's signature tells.</summary>
public static class OpenApiOperations
{
    /// <summary>Says that the endpoint answers these statuses with problem details.</summary>
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoint, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata([.. statuses.Select(static status =>
            new ProducesResponseTypeMetadata(status, typeof(ProblemDocument), ["application/problem+json"]))]);

    /// <summary>Describes a parameter, and the values that it can have where these are a closed list.</summary>
    public static TBuilder WithParameter<TBuilder>(this TBuilder endpoint, string name, string description, params IEnumerable<string> values)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.Change(operation =>
        {
            var parameter = Find(operation, name);
            parameter.Description = description;
            ((OpenApiSchema)parameter.Schema!).Enum = Enumeration(values);
        });

    /// <summary>Describes a parameter that is a comma list of values from a closed list.</summary>
    public static TBuilder WithListParameter<TBuilder>(this TBuilder endpoint, string name, string description, params IEnumerable<string> values)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.Change(operation =>
        {
            var parameter = Find(operation, name);
            parameter.Description = description;
            parameter.Style = ParameterStyle.Form;
            parameter.Explode = false;
            parameter.Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema { Type = JsonSchemaType.String, Enum = Enumeration(values) },
            };
        });

    /// <summary>Describes a header of the request.</summary>
    public static TBuilder WithHeader<TBuilder>(this TBuilder endpoint, string name, string description, bool required = false)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.Change(operation => (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Required = required,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        }));

    /// <summary>Describes a header of the answer with a status.</summary>
    public static TBuilder WithAnswerHeader<TBuilder>(this TBuilder endpoint, int status, string name, string description)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.Change(operation =>
        {
            var response = (OpenApiResponse)operation.Responses![status.ToString(System.Globalization.CultureInfo.InvariantCulture)];
            (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[name] = new OpenApiHeader
            {
                Description = description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        });

    /// <summary>
    /// Describes a body in which most of what an answer always has may be left out: the schema of the answer would make
    /// generated clients demand all of it.
    /// </summary>
    public static TBuilder WithPartialBody<TBuilder>(this TBuilder endpoint, params IEnumerable<string> required)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.Change(operation =>
        {
            foreach (var content in operation.RequestBody!.Content!.Values)
            {
                content.Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = "As /api/v1/schemas/experience describes it; what has a default may be left out.",
                    Required = required.ToHashSet(),
                };
            }
        });

    /// <summary>Says that the endpoint asks for no credentials.</summary>
    public static TBuilder WithoutCredentials<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.Change(static operation => operation.Security = []);

    private static TBuilder Change<TBuilder>(this TBuilder endpoint, Action<OpenApiOperation> change)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            change(operation);
            return Task.CompletedTask;
        });

    private static OpenApiParameter Find(OpenApiOperation operation, string name) =>
        (OpenApiParameter)operation.Parameters!.Single(parameter => parameter.Name == name);

    private static List<JsonNode>? Enumeration(IEnumerable<string> values) =>
        values.Select(static value => (JsonNode)value).ToList() is { Count: > 0 } list ? list : null;
}
