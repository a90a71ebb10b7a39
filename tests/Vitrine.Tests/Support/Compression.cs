using System.IO.Compression;

namespace Vitrine.Tests.Support;

/// <summary>The content encodings that the contract names.</summary>
public static class Compression
{
    public static byte[] Of(string encoding, byte[] bytes)
    {
        using var target = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true),
            "br" => new BrotliStream(target, CompressionLevel.Optimal, leaveOpen: true),
            "zstd" => new ZstdSharp.CompressionStream(target, leaveOpen: true),
            _ => throw new ArgumentOutOfRangeException(nameof(encoding)),
        })
        {
            stream.Write(bytes);
        }

        return target.ToArray();
    }
}
