using System.Globalization;

namespace Vitrine.Journal.Records;

/// <summary>Writes and reads the records by which single events become hourly figures (<see cref="RecordKind.Retention"/>). The layout stands in <c>docs/journal-format.md</c>.</summary>
public static class RetentionRecordCodec
{
    /// <summary>The layout that is written.</summary>
    public const byte Version = 1;

    private const byte HasClickTarget = 1;
    private const byte HasRevenue = 2;
    private const byte HasCurrency = 4;

    /// <summary>Appends a record.</summary>
    public static void Write(RetentionRecord retention, ByteWriter target)
    {
        target.WriteByte((byte)RecordKind.Retention);
        target.WriteByte(Version);
        target.WriteVarint((ulong)retention.ReceivedAt);
        target.WriteText(retention.EnvironmentId);
        target.WriteVarint((ulong)retention.Until);
        target.WriteVarint((ulong)retention.UpTo);
        target.WriteVarint((ulong)retention.HourOffset);
        target.WriteVarint((ulong)retention.Conversions.Count);
        foreach (var one in retention.Conversions)
        {
            Write(one, target);
        }
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such record, or of a newer version.</exception>
    public static RetentionRecord Read(ReadOnlySpan<byte> record)
    {
        var reader = new ByteReader(record);
        var (kind, version) = (reader.ReadByte(), reader.ReadByte());
        if (kind != (byte)RecordKind.Retention || version != Version)
        {
            throw new InvalidDataException($"A record of kind {kind}, version {version}, is not known to this version of the server.");
        }

        var (receivedAt, environment, until, upTo, offset) =
            ((long)reader.ReadVarint(), reader.ReadString(), (long)reader.ReadVarint(), (long)reader.ReadVarint(), (int)reader.ReadVarint());
        var conversions = new HourlyConversions[reader.ReadCount()];
        for (var index = 0; index < conversions.Length; index++)
        {
            conversions[index] = ReadConversions(ref reader);
        }

        return new RetentionRecord(receivedAt, environment, until, upTo, offset, conversions);
    }

    private static void Write(HourlyConversions one, ByteWriter target)
    {
        var place = one.Place;
        target.WriteByte((byte)((place.ClickTarget is null ? 0 : HasClickTarget) | (one.Revenue is null ? 0 : HasRevenue) | (one.Revenue?.Currency is null ? 0 : HasCurrency)));
        target.WriteVarint((ulong)place.StartsAt);
        target.WriteText(place.ExperienceId);
        target.WriteText(place.VariationId);
        target.WriteText(place.AudienceId);
        target.WriteText(place.LocaleId);
        target.WriteByte((byte)place.Platform);
        if (place.ClickTarget is { } clickTarget)
        {
            target.WriteText(clickTarget);
        }

        target.WriteByte(one.Model);
        target.WriteText(one.Goal);
        target.WriteVarint((ulong)one.Conversions);
        target.WriteVarint((ulong)one.UniqueConversions);
        if (one.Revenue is { } revenue)
        {
            if (revenue.Currency is { } currency)
            {
                target.WriteText(currency);
            }

            target.WriteText(revenue.Amount.ToString(CultureInfo.InvariantCulture));
            target.WriteVarint((ulong)revenue.WithoutAmount);
        }
    }

    private static HourlyConversions ReadConversions(ref ByteReader reader)
    {
        var flags = reader.ReadByte();
        var place = new HourlyPlace(
            (long)reader.ReadVarint(),
            reader.ReadString(),
            reader.ReadString(),
            reader.ReadString(),
            reader.ReadString(),
            (Platform)reader.ReadByte(),
            (flags & HasClickTarget) == 0 ? null : reader.ReadString());
        var (model, goal, conversions, unique) = (reader.ReadByte(), reader.ReadString(), (long)reader.ReadVarint(), (long)reader.ReadVarint());
        return new HourlyConversions(place, model, goal, conversions, unique, (flags & HasRevenue) == 0 ? null : ReadRevenue(ref reader, flags));
    }

    private static HourlyRevenue ReadRevenue(ref ByteReader reader, byte flags)
    {
        var currency = (flags & HasCurrency) == 0 ? null : reader.ReadString();
        return decimal.TryParse(reader.ReadString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)
            ? new HourlyRevenue(currency, amount, (long)reader.ReadVarint())
            : throw new InvalidDataException("An amount of an hour is no number.");
    }
}
