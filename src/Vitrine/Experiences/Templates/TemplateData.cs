using System.Text.Json;
using Fluid.Values;
using NodaTime;

namespace Vitrine.Experiences.Templates;

/// <summary>
/// What the templates of one request can read: <c>user</c>, <c>request</c>, <c>customer_id</c> and <c>now</c>. An attribute
/// is looked for when a template first reads it, and converted once; all others stay bytes.
/// </summary>
/// <remarks>For one request, and so for one thread at a time.</remarks>
public sealed class TemplateData
{
    private readonly ReadOnlyMemory<byte> _user;
    private readonly ReadOnlyMemory<byte> _request;
    private readonly Dictionary<(AttributeSource Source, string Name), FluidValue> _read;

    /// <summary>Takes the data of a request.</summary>
    /// <param name="user">The customer's attributes, a JSON object in UTF-8; empty when there is no customer.</param>
    /// <param name="request">The attributes of the request, likewise.</param>
    /// <param name="customerId">The customer; null when nobody is identified.</param>
    /// <param name="now">The time at which the request is answered.</param>
    /// <param name="zone">The time zone in which dates are read and written.</param>
    public TemplateData(ReadOnlyMemory<byte> user, ReadOnlyMemory<byte> request, string? customerId, DateTimeOffset now, DateTimeZone zone)
        : this(user, request, customerId, Instant.FromDateTimeOffset(now), zone, [])
    {
    }

    private TemplateData(
        ReadOnlyMemory<byte> user,
        ReadOnlyMemory<byte> request,
        string? customerId,
        Instant now,
        DateTimeZone zone,
        Dictionary<(AttributeSource Source, string Name), FluidValue> read) =>
        (_user, _request, CustomerId, Now, Zone, _read) = (user, request, customerId, now, zone, read);

    /// <summary>The customer; null when nobody is identified.</summary>
    public string? CustomerId { get; }

    /// <summary>The time at which the request is answered.</summary>
    public Instant Now { get; }

    /// <summary>The time zone in which dates are read and written.</summary>
    public DateTimeZone Zone { get; }

    /// <summary>The same data for an experience of another time zone; what was converted is shared.</summary>
    public TemplateData In(DateTimeZone zone) => new(_user, _request, CustomerId, Now, zone, _read);

    /// <summary>An attribute's value; a <see cref="MissingValue"/> when it is not there or null.</summary>
    internal FluidValue Attribute(AttributeSource source, string name)
    {
        if (!_read.TryGetValue((source, name), out var value))
        {
            value = Find(source == AttributeSource.User ? _user.Span : _request.Span, name) is { IsEmpty: false } found
                ? AttributeValue.Read(found, name)
                : new MissingValue(name);
            _read.Add((source, name), value);
        }

        return value;
    }

    /// <summary>The JSON of an attribute; of several with the name the last counts, as in what clients report.</summary>
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, string name)
    {
        ReadOnlySpan<byte> found = default;
        if (attributes.IsEmpty)
        {
            return found;
        }

        var reader = new Utf8JsonReader(attributes);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new TemplateFailureException("the attributes are no JSON object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var wanted = reader.ValueTextEquals(name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            found = wanted ? attributes[start..(int)reader.BytesConsumed] : found;
        }

        return found;
    }
}

/// <summary>Whose attributes.</summary>
internal enum AttributeSource
{
    /// <summary><c>user</c>: the customer's.</summary>
    User,

    /// <summary><c>request</c>: what the request said of itself.</summary>
    Request,
}
