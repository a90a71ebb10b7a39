using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Vitrine.Journal;
using ZstdSharp;

namespace Vitrine.Hosting;

/// <summary>A coding in which bodies are compressed. Each takes a body that is whole, sound, and followed by nothing.</summary>
internal sealed class ContentCoding
{
    private const int ChunkBytes = 64 * 1024;
    private const int GzipTrailerBytes = 4 + 4;

    /// <summary>RFC 8878 asks decoders for windows of 8 MiB; a body of ours never needs a larger one.</summary>
    private const int ZstandardWindowLog = 23;

    private static readonly ContentCoding Gzip = new(static (compressed, target, limit) =>
    {
        using var stream = new GZipStream(Readable(compressed), CompressionMode.Decompress);
        var outcome = Copy(stream, target, limit);
        return outcome == JsonBodyOutcome.Complete && !EndsAsGzip(compressed, target.Written) ? JsonBodyOutcome.Undecodable : outcome;
    });

    private static readonly ContentCoding Brotli = new(DecompressBrotli);

    private static readonly ContentCoding Zstandard = new(static (compressed, target, limit) =>
    {
        using var stream = new DecompressionStream(Readable(compressed));
        stream.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, ZstandardWindowLog);
        return Copy(stream, target, limit);
    });

    private readonly Coding _decompress;

    private ContentCoding(Coding decompress) => _decompress = decompress;

    private delegate JsonBodyOutcome Coding(ReadOnlySpan<byte> compressed, ByteWriter target, int limit);

    /// <summary>The coding of a name; null when it is none that is taken.</summary>
    public static ContentCoding? Named(string name) => name.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => Gzip,
        "br" => Brotli,
        "zstd" => Zstandard,
        _ => null,
    };

    /// <summary>Appends what was compressed, as long as <paramref name="target"/> then has no more than <paramref name="limit"/> bytes.</summary>
    public JsonBodyOutcome Decompress(ReadOnlySpan<byte> compressed, ByteWriter target, int limit)
    {
        try
        {
            return _decompress(compressed, target, limit);
        }
        catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException or EndOfStreamException or ZstdException)
        {
            return JsonBodyOutcome.Undecodable;
        }
    }

    /// <summary>
    /// Whether the last bytes are the checksum and the length (RFC 1952) of the whole text: the stream does not miss them
    /// when they were cut off, and overlooks what follows them. So a body is one gzip member.
    /// </summary>
    private static bool EndsAsGzip(ReadOnlySpan<byte> compressed, ReadOnlySpan<byte> text) =>
        compressed.Length >= GzipTrailerBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(compressed[^8..]) == Crc32.HashToUInt32(text)
        && BinaryPrimitives.ReadUInt32LittleEndian(compressed[^4..]) == (uint)text.Length;

    private static JsonBodyOutcome DecompressBrotli(ReadOnlySpan<byte> compressed, ByteWriter target, int limit)
    {
        using var decoder = new BrotliDecoder();
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (true)
            {
                var status = decoder.Decompress(compressed, chunk, out var consumed, out var written);
                compressed = compressed[consumed..];
                if (target.Length + written > limit)
                {
                    return JsonBodyOutcome.TooLarge;
                }

                target.WriteRaw(chunk.AsSpan(0, written));
                if (status != OperationStatus.DestinationTooSmall)
                {
                    return status == OperationStatus.Done && compressed.IsEmpty ? JsonBodyOutcome.Complete : JsonBodyOutcome.Undecodable;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static MemoryStream Readable(ReadOnlySpan<byte> compressed) => new(compressed.ToArray(), writable: false);

    private static JsonBodyOutcome Copy(Stream body, ByteWriter target, int limit)
    {
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (body.Read(chunk) is > 0 and var read)
            {
                if (target.Length + read > limit)
                {
                    return JsonBodyOutcome.TooLarge;
                }

                target.WriteRaw(chunk.AsSpan(0, read));
            }

            return JsonBodyOutcome.Complete;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }
}
