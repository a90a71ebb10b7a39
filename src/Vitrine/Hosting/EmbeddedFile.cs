using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Vitrine.Hosting;

/// <summary>A file that browsers load, out of the executable, read and compressed once.</summary>
internal sealed class EmbeddedFile
{
    /// <summary>What may be kept for ever, because its address holds its hash.</summary>
    public const string Immutable = "public, max-age=31536000, immutable";

    private readonly byte[] _content;
    private readonly byte[] _compressed;
    private readonly string _type;

    private EmbeddedFile(byte[] content, byte[] compressed, string type) => (_content, _compressed, _type) = (content, compressed, type);

    /// <summary>Eight bytes of its SHA-256, in hexadecimal digits: another one for every version.</summary>
    public string Hash => field ??= Convert.ToHexStringLower(SHA256.HashData(_content).AsSpan(0, 8));

    /// <summary>Its SHA-384 as the <c>integrity</c> attribute of a script tag has it (W3C Subresource Integrity).</summary>
    public string Integrity => field ??= "sha384-" + Convert.ToBase64String(SHA384.HashData(_content));

    /// <summary>Reads a resource of the executable.</summary>
    public static EmbeddedFile Read(string resource, string type)
    {
        using var stream = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(content);
        }

        return new EmbeddedFile(content, compressed.ToArray(), type);
    }

    /// <summary>Answers a request with it, or with 304 where the client has it already.</summary>
    public IResult Answer(HttpContext context, string cacheControl)
    {
        context.Response.Headers.CacheControl = cacheControl;
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        var takesGzip = context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (takesGzip)
        {
            context.Response.Headers.ContentEncoding = "gzip";
        }

        return Results.Bytes(takesGzip ? _compressed : _content, _type, entityTag: new EntityTagHeaderValue($"\"{Hash}{(takesGzip ? "-gzip" : "")}\""));
    }
}
