using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Vitrine.Hosting;

/// <summary>The description of the interface: <c>/openapi.json</c> and, to browse, <c>/docs</c>.</summary>
public static class OpenApiDocument
{
    private const string DocumentName = "v1";

    /// <summary>Adds the generator.</summary>
    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(static json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict)
            .AddOpenApi(DocumentName, static options => options
                .AddSchemaTransformer(OpenApiSchemas.TransformAsync)
                .AddOperationTransformer(static (operation, _, _) => OpenApiSchemas.DescribeTables(operation))
                .AddDocumentTransformer(static (document, _, _) => Describe(document)));

    /// <summary>Maps the document and the page.</summary>
    public static void MapOpenApiDocument(this WebApplication application)
    {
        application.MapOpenApi("/openapi.json").ExcludeFromDescription();
        application.MapScalarApiReference("/docs", static page => page
            .WithTitle("Vitrine API")
            .WithOpenApiRoutePattern("/openapi.json")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .HideClientButton()).ExcludeFromDescription();
    }

    /// <summary>The document as text, from a server that need not run.</summary>
    public static async Task<string> GenerateAsync(WebApplication application, CancellationToken cancellation)
    {
        var provider = application.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(DocumentName);
        var document = await provider.GetOpenApiDocumentAsync(cancellation);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellation);
    }

    private static Task Describe(Microsoft.OpenApi.OpenApiDocument document)
    {
        OpenApiSchemas.JoinLines(document);
        document.Info = new OpenApiInfo
        {
            Title = "Vitrine",
            Version = typeof(OpenApiDocument).Assembly.GetName().Version!.ToString(3),
            Description = "A self-hosted personalization-experience server. Compatible with the MoEngage Personalize API and not affiliated with MoEngage.",
            License = new OpenApiLicense { Name = "Apache-2.0", Url = new Uri("https://www.apache.org/licenses/LICENSE-2.0") },
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["basic"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "basic",
                Description = "User name: the workspace id (with the suffix _DEBUG for its test environment). Password: a secret key.",
            },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("basic", document)] = [] }];
        return Task.CompletedTask;
    }
}
