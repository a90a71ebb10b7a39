using NodaTime;
using Vitrine.Reports;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

/// <summary>Time cut into pieces, also where a clock is set back over midnight (St. John's, until 2011).</summary>
public sealed class TimeBucketsTests
{
    private static readonly long From = Instant.FromUtc(2010, 1, 1, 0, 0).ToUnixTimeSeconds();
    private static readonly long To = Instant.FromUtc(2012, 1, 1, 0, 0).ToUnixTimeSeconds();

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("America/St_Johns")]
    [InlineData("Pacific/Apia")]
    public void Pieces_follow_each_other_and_lie_in_their_bucket(string id)
    {
        var zone = DateTimeZoneProviders.Tzdb[id];
        var random = new Seeded(71);
        foreach (var scale in Enum.GetValues<ReportScale>())
        {
            var buckets = new TimeBuckets(scale, zone);
            var next = From + 12_345;
            foreach (var piece in buckets.Pieces(next, To))
            {
                piece.Start.ShouldBe(next);
                piece.End.ShouldBeGreaterThan(piece.Start);
                next = piece.End;
                foreach (var moment in new[] { piece.Start, piece.End - 1, random.Between(piece.Start, piece.End - 1) })
                {
                    IsIn(buckets.Start(piece.Bucket).LocalDateTime, Instant.FromUnixTimeSeconds(moment).InZone(zone).LocalDateTime, scale)
                        .ShouldBeTrue($"{id} {scale} {moment}");
                }
            }

            next.ShouldBe(To);
        }
    }

    [Fact]
    public void Nothing_is_cut_into_no_pieces() =>
        new TimeBuckets(ReportScale.Day, DateTimeZone.Utc).Pieces(To, From).ShouldBeEmpty();

    private static bool IsIn(LocalDateTime bucket, LocalDateTime moment, ReportScale scale) => scale switch
    {
        ReportScale.Hour => bucket.Date == moment.Date && bucket.Hour == moment.Hour,
        ReportScale.Day => bucket.Date == moment.Date,
        ReportScale.Week => Period.DaysBetween(bucket.Date, moment.Date) is >= 0 and < 7,
        _ => bucket.Date.With(DateAdjusters.StartOfMonth) == moment.Date.With(DateAdjusters.StartOfMonth),
    };
}
