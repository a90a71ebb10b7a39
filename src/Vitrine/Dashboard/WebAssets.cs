using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

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

    private readonly FrozenDictionary<string, Lazy<Asset>> _byName = typeof(WebAssets).Assembly.GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(static name => name[Prefix.Length..], static name => new Lazy<Asset>(() => Asset.Read(name)));

    /// <summary>The address of a file.</summary>
    /// <exception cref="KeyNotFoundException">There is no such file.</exception>
    public string Address(string name) => $"{Folder}/{_byName[name].Value.Hash}/{name}";

    /// <summary>Maps the addresses.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes
        .MapGet(Folder + "/{hash}/{name}", (HttpContext context, string hash, string name) => Write(context, hash, name))
        .ExcludeFromDescription();

    private IResult Write(HttpContext context, string hash, string name)
    {
        if (!_byName.TryGetValue(name, out var lazy) || lazy.Value.Hash != hash)
        {
            return Results.NotFound();
        }

        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        var takesGzip = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (takesGzip)
        {
            context.Response.Headers.ContentEncoding = "gzip";
        }

        return Results.Bytes(takesGzip ? lazy.Value.Compressed : lazy.Value.Content, Types.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream"));
    }

    private sealed record Asset(byte[] Content, byte[] Compressed, string Hash)
    {
        public static Asset Read(string resource)
        {
            using var stream = typeof(WebAssets).Assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            using var compressed = new MemoryStream();
            using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
            {
                gzip.Write(content);
            }

            return new Asset(content, compressed.ToArray(), Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
        }
    }
}
