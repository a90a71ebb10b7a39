using System.Text;

namespace Vitrine.Experiences.Geography;

/// <summary>Where an address is, as far as the file tells; texts in UTF-8, empty where it does not.</summary>
public sealed class Place
{
    private readonly byte[] _country = [];
    private readonly byte[] _regionCode = [];
    private readonly byte[] _regionName = [];
    private readonly byte[] _city = [];

    private Place()
    {
    }

    private Place(string? country, string? regionCode, string? regionName, string? city)
    {
        _country = Encoding.UTF8.GetBytes(country ?? "");
        _regionCode = Encoding.UTF8.GetBytes(regionCode ?? "");
        _regionName = Encoding.UTF8.GetBytes(regionName ?? "");
        _city = Encoding.UTF8.GetBytes(city ?? "");
    }

    /// <summary>Nowhere that is known.</summary>
    public static Place Unknown { get; } = new();

    /// <summary>The country's ISO 3166-1 code of two letters.</summary>
    public ReadOnlySpan<byte> Country => _country;

    /// <summary>The region's code: what is behind the hyphen in ISO 3166-2.</summary>
    public ReadOnlySpan<byte> RegionCode => _regionCode;

    /// <summary>The region's name in English.</summary>
    public ReadOnlySpan<byte> RegionName => _regionName;

    /// <summary>The city's name in English.</summary>
    public ReadOnlySpan<byte> City => _city;

    /// <summary>
    /// What a record says, in either of the two shapes there are: MaxMind's, where a place is an object with a code and
    /// names, and a flat one, where it is a text.
    /// </summary>
    internal static Place Of(Dictionary<string, object> record)
    {
        var country = record.GetValueOrDefault("country") as Dictionary<string, object>;
        var region = (record.GetValueOrDefault("subdivisions") as List<object>)?.FirstOrDefault() as Dictionary<string, object>;
        return new Place(
            Text(country, "iso_code") ?? Text(record, "country_code"),
            Text(region, "iso_code"),
            Name(region) ?? Text(record, "state1"),
            Name(record.GetValueOrDefault("city") as Dictionary<string, object>) ?? Text(record, "city"));
    }

    private static string? Name(Dictionary<string, object>? place) => Text(place?.GetValueOrDefault("names") as Dictionary<string, object>, "en");

    private static string? Text(Dictionary<string, object>? record, string name) =>
        record?.GetValueOrDefault(name) is string { Length: > 0 } text ? text : null;
}
