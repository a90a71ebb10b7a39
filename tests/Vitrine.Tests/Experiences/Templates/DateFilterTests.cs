using NodaTime;
using static Vitrine.Tests.Experiences.Templates.Rendering;

namespace Vitrine.Tests.Experiences.Templates;

public sealed class DateFilterTests
{
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-01T23:30:15+01:00")]
    [InlineData("Asia/Kolkata", "2026-03-02T04:00:15+05:30")]
    [InlineData("UTC", "2026-03-01T22:30:15Z")]
    public void Now_is_told_in_the_time_zone_of_the_experience(string zone, string expected)
    {
        var its = DateTimeZoneProviders.Tzdb[zone];
        Text("{{ now }}", zone: its).ShouldBe(expected);
        Text("{{ now | date: '%FT%T' }}", zone: its).ShouldBe(expected[..19]);
        Text("{{ 'now' | date: '%s' }}", zone: its).ShouldBe(Now.ToUnixTimeSeconds().ToString());
    }

    [Theory]
    [InlineData("2026-07-01", "2026-07-01 00:00 +0200 CEST")]
    [InlineData("2026-07-01T12:30:00Z", "2026-07-01 14:30 +0200 CEST")]
    [InlineData("2026-01-01T12:30:00.123+05:30", "2026-01-01 08:00 +0100 CET")]
    [InlineData("2026-01-01T12:30:00+0530", "2026-01-01 08:00 +0100 CET")]
    [InlineData("2026-01-01 12:30", "2026-01-01 12:30 +0100 CET")]
    [InlineData("2026-01-01T12:30:59", "2026-01-01 12:30 +0100 CET")]
    [InlineData("2026-03-29T02:30:00", "2026-03-29 03:30 +0200 CEST")] // An hour that Berlin passed over.
    [InlineData("2026-10-25T02:30:00", "2026-10-25 02:30 +0200 CEST")] // One that it had twice: the first.
    public void An_attribute_is_a_date_of_ISO_8601(string text, string expected) =>
        Text("{{ user.at | date: '%Y-%m-%d %H:%M %z %Z' }}", $$"""{"at":"{{text}}"}""").ShouldBe(expected);

    [Fact]
    public void A_number_is_Unix_seconds() =>
        Text("{{ user.at | date: '%F %T' }}", """{"at":1767225600}""").ShouldBe("2026-01-01 01:00:00");

    [Theory]
    [InlineData("\"tomorrow\"", "'tomorrow' is no date; one looks like 2026-03-01 or 2026-03-01T12:30:00Z")]
    [InlineData("99999999999999", "99999999999999 is no number of Unix seconds of a year that there is")]
    [InlineData("true", "'true' is no date; one looks like 2026-03-01 or 2026-03-01T12:30:00Z")]
    public void What_is_no_date_is_a_failure(string attribute, string reason) =>
        Failure("{{ user.at | date: '%Y' }}", $$"""{"at":{{attribute}}}""").ShouldBe($"/value: {reason}.");

    /// <summary>What GNU date prints in the C locale for 2026-01-04T05:06:07.089, a Sunday, in UTC; %L, %N, %P and %v by Ruby's documentation.</summary>
    [Theory]
    [InlineData("%a %A %b %B %h", "Sun Sunday Jan January Jan")]
    [InlineData("%c", "Sun Jan  4 05:06:07 2026")]
    [InlineData("%C %y %Y %g %G", "20 26 2026 26 2026")]
    [InlineData("%d %e %j %-d %_d %3d %-j", "04  4 004 4  4 004 4")]
    [InlineData("%D %F %x %v", "01/04/26 2026-01-04 01/04/26  4-JAN-2026")]
    [InlineData("%H %I %k %l %p %P", "05 05  5  5 AM am")]
    [InlineData("%M %S %L %N %s", "06 07 089 089000000 1767503167")]
    [InlineData("%r %R %T %X", "05:06:07 AM 05:06 05:06:07 05:06:07")]
    [InlineData("%u %w %U %V %W", "7 0 01 01 00")]
    [InlineData("%z %:z %Z", "+0000 +00:00 UTC")]
    [InlineData("%^a %^B %10Y %% 100", "SUN JANUARY 0000002026 % 100")]
    [InlineData("a%nb%tc", "a\nb\tc")]
    public void The_directives_are_those_of_strftime(string format, string expected) =>
        Text($"{{{{ user.at | date: '{format}' }}}}", """{"at":"2026-01-04T05:06:07.089Z"}""", zone: DateTimeZone.Utc).ShouldBe(expected);

    [Theory]
    [InlineData("2027-01-01T00:00:00Z", "2026 53 00 00")]
    [InlineData("2024-12-30T13:00:00Z", "2025 01 52 53")]
    public void Weeks_around_the_new_year_are_those_of_strftime(string text, string expected) =>
        Text("{{ user.at | date: '%G %V %U %W' }}", $$"""{"at":"{{text}}"}""", zone: DateTimeZone.Utc).ShouldBe(expected);

    [Theory]
    [InlineData("%")]
    [InlineData("%999d")]
    [InlineData("%-")]
    public void A_directive_that_a_template_reads_is_checked_when_it_is_used(string format) =>
        Failure("{{ now | date: user.format }}", $$"""{"format":"{{format}}"}""").ShouldStartWith($"/value: '{format[..Math.Min(5, format.Length)]}");
}
