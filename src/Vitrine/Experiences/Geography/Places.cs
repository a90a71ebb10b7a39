using System.IO.Hashing;
using System.Net;
using MaxMind.Db;

namespace Vitrine.Experiences.Geography;

/// <summary>Tells where an address is, from a file in MaxMind's format.</summary>
/// <remarks>
/// <para>
/// Used by all requests at once. The file is read into memory when it is opened, so that one that is replaced or cut
/// meanwhile harms nobody; a new one takes a new start.
/// </para>
/// <para>
/// A look into the file takes some microseconds and allocates; so what was found is remembered, by the text of the
/// address, in a table in which the hash alone decides the place and the newest stays: about a megabyte. An entry is
/// immutable and is put in by one reference write. Threads that put different ones at once lose one, and it is looked
/// up again.
/// </para>
/// </remarks>
public sealed class Places : IDisposable
{
    private const int Remembered = 8192;
    private const int RecordsChecked = 1000;
    private static readonly string[] KnownFields = ["country", "country_code", "subdivisions", "state1", "city"];

    private readonly Entry?[] _memory = new Entry?[Remembered];
    private readonly Reader _reader;

    private Places(Reader reader) => _reader = reader;

    /// <summary>Opens the file that the options name.</summary>
    /// <returns>Null when they name none.</returns>
    /// <exception cref="GeographyException">It cannot be read, is of another format, or tells no places.</exception>
    public static Places? Open(GeographyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.File is not { } file)
        {
            return null;
        }

        Reader? reader = null;
        try
        {
            reader = new Reader(file, FileAccessMode.Memory);
            if (reader.FindAll<Dictionary<string, object>>().Take(RecordsChecked).Any(static node => KnownFields.Any(node.Data.ContainsKey)))
            {
                return new Places(reader);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new GeographyException($"The geography file {file} cannot be read: {fault.Message}", fault);
        }
        catch (Exception fault) when (IsDamage(fault))
        {
            reader?.Dispose();
            throw new GeographyException($"The geography file {file} is damaged, or no file of MaxMind's format (.mmdb): {fault.Message}", fault);
        }

        reader.Dispose();
        throw new GeographyException(
            $"The geography file {file} is of the type {reader.Metadata.DatabaseType} and tells no places: none of {string.Join(", ", KnownFields)}.", null);
    }

    /// <summary>Where an address is. Allocates only when the address was not asked for lately.</summary>
    /// <param name="address">The text of an IPv4 or IPv6 address, in UTF-8.</param>
    /// <returns>Null when it is no address; <see cref="Place.Unknown"/> when the file does not hold it.</returns>
    public Place? Find(ReadOnlySpan<byte> address)
    {
        ref var remembered = ref _memory[XxHash3.HashToUInt64(address) % Remembered];
        var entry = Volatile.Read(ref remembered);
        if (entry is not null && address.SequenceEqual(entry.Address))
        {
            return entry.Place;
        }

        if (!IPAddress.TryParse(address, out var parsed))
        {
            return null;
        }

        var place = LookUp(parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed);
        Volatile.Write(ref remembered, new Entry(address.ToArray(), place));
        return place;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private Place LookUp(IPAddress address)
    {
        try
        {
            return _reader.Find<Dictionary<string, object>>(address) is { } record ? Place.Of(record) : Place.Unknown;
        }
        catch (Exception fault) when (IsDamage(fault))
        {
            return Place.Unknown; // One record is damaged, or the file holds no IPv6: no reason to refuse a decision.
        }
    }

    /// <summary>What the reader throws over bytes that make no sense.</summary>
    private static bool IsDamage(Exception fault) => fault is InvalidDatabaseException or DeserializationException or ArgumentException
        or IndexOutOfRangeException or InvalidOperationException or OverflowException or InvalidCastException or NotSupportedException;

    private sealed record Entry(byte[] Address, Place Place);
}
