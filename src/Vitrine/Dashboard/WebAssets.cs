using System.Collections.Frozen;
using Vitrine.Hosting;

namespace Vitrine.Dashboard;

/// <summary>The files that browsers load, out of the executable.</summary>
/// <remarks>
/// An address holds the hash of what lies behind it, so that it may be kept for ever and a new version is another one.
/// Files are read and compressed once, when they are first asked for.
/// </remarks>
internal sealed class WebAssets
{
    private const string Prefix = "wwwroot/";
    private const string Folder = "/assets";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, Lazy<EmbeddedFile>> _byName = typeof(WebAssets).Assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(static name => name[Prefix.Length..], static name => new Lazy<EmbeddedFile>(() => Read(name)));

    /// <summary>The address of a file.</summary>
    /// <exception cref="KeyNotFoundException">There is no such file.</exception>
    public string Address(string name) => $"{Folder}/{_byName[name].Value.Hash}/{name}";

    /// <summary>Maps the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes
        .MapGet(Folder + "/{hash}/{name}", (HttpContext context, string hash, string name) => Write(context, hash, name))
        .ExcludeFromDescription();

    private IResult Write(HttpContext context, string hash, string name) =>
        _byName.TryGetValue(name, out var file) && file.Value.Hash == hash ? file.Value.Answer(context, EmbeddedFile.Immutable) : Results.NotFound();

    private static EmbeddedFile Read(string resource) =>
        EmbeddedFile.Read(resource, Types.GetValueOrDefault(Path.GetExtension(resource), "application/octet-stream"));
}
