using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using Vitrine.Journal.Records;
using Vitrine.Projection;
using Vitrine.Projection.Behaviours;
using Vitrine.Retention;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection.Behaviours;

public sealed class BehaviourWatchesTests
{
    private const int Customers = 7;
    private const int Rounds = 12;

    private static readonly DateTimeZone Zurich = DateTimeZoneProviders.Tzdb["Europe/Zurich"];
    private static readonly string[] Experiences = ["66d55ae445921e4d35ae4368", "66d55ae445921e4d35ae4369"];

    private static readonly string[] Goals = ["Ordered", "Subscribed"];

    private static readonly (EventAction? Action, string? Name)[] Questions =
    [
        (EventAction.Impression, null), (null, Goals[0]), (EventAction.Impression, Experiences[0]), (EventAction.Click, Experiences[1]), (EventAction.Click, null),
    ];

    /// <summary>Questions begin to be asked while events come in, in bursts with repetitions; in the end all counts are exact.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Counts_are_exact_whenever_the_question_was_first_asked(int seed)
    {
        using var folder = new TemporaryFolder();
        var random = new Seeded((ulong)seed);
        var sent = new List<Sent>();
        Shop? shop = null;
        var reached = DateTimeOffset.MinValue;
        for (var start = 0; start < 2; start++)
        {
            await using var server = await TestServer.StartAsync(folder.Path);
            shop = shop?.On(server) ?? server.OpenShop();
            server.Time.Advance(TimeSpan.FromTicks(Math.Max(0, (reached - server.Time.GetUtcNow()).Ticks)));
            var watches = new Dictionary<int, BehaviourWatch>();
            for (var round = 0; round < Rounds; round++)
            {
                var posts = Enumerable.Range(0, 3).Select(_ => PostAsync(shop, random, sent, server.Time.GetUtcNow())).ToList();
                if (round % 3 == 0)
                {
                    watches[round / 3] = Watch(server, shop, round / 3);
                }

                await Task.WhenAll(posts);
                server.Time.Advance(TimeSpan.FromHours(random.Next(30)));
            }

            reached = server.Time.GetUtcNow();
            await server.ProjectedAsync();
            await Eventually.BeTrueAsync(() => Task.FromResult(watches.Values.All(static watch => watch.IsReady)));
            var now = server.Time.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (var (number, watch) in watches)
            {
                foreach (var customer in Enumerable.Range(0, Customers + 1))
                {
                    foreach (var days in new int?[] { null, 1, 2, 7, 90 })
                    {
                        watch.Count(Encoding.UTF8.GetBytes($"customer-{customer}"), now, days)
                            .ShouldBe(Expected(sent, Questions[number], customer, now, days), $"question {number}, customer {customer}, {days} days");
                    }
                }
            }
        }
    }

    /// <summary>Some watches have seen the events, others have read them, and some are asked for afterwards: all say the same.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Events_that_became_hourly_figures_are_not_counted_any_more(int seed)
    {
        const int days = 40;
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var random = new Seeded((ulong)seed);
        var sent = new List<Sent>();
        var watches = new List<(int Number, BehaviourWatch Watch)>();
        server.Catalog.ChangeSettings(shop.Id, static settings => settings with { RetentionDays = days });
        for (var round = 0; round < Rounds; round++)
        {
            watches.AddRange(round % 4 == 0 ? [(round / 4, Watch(server, shop, round / 4))] : []);
            await PostAsync(shop, random, sent, server.Time.GetUtcNow());
            if (round % 3 == 2)
            {
                await server.Service<EventRetention>().LookAsync(TestContext.Current.CancellationToken);
            }

            server.Time.Advance(TimeSpan.FromHours(random.Next(30)));
        }

        await server.Service<EventRetention>().LookAsync(TestContext.Current.CancellationToken);
        watches.AddRange(Enumerable.Range(3, Questions.Length - 3).Select(number => (number, Watch(server, shop, number))));
        await server.ProjectedAsync();
        await Eventually.BeTrueAsync(() => Task.FromResult(watches.TrueForAll(static one => one.Watch.IsReady)));
        var now = server.Time.GetUtcNow();
        var until = new DateTimeOffset(now.Date, TimeSpan.Zero).AddDays(-days).ToUnixTimeSeconds();
        var kept = sent.FindAll(one => one.Time >= until);
        kept.Count.ShouldBeInRange(1, sent.Count - 1);
        foreach (var (number, watch) in watches)
        {
            foreach (var customer in Enumerable.Range(0, Customers + 1))
            {
                foreach (var window in new int?[] { null, 7, 90 })
                {
                    watch.Count(Encoding.UTF8.GetBytes($"customer-{customer}"), now.ToUnixTimeMilliseconds(), window)
                        .ShouldBe(Expected(kept, Questions[number], customer, now.ToUnixTimeMilliseconds(), window), $"question {number}, customer {customer}, {window} days");
                }
            }
        }
    }

    [Fact]
    public async Task Before_the_history_is_counted_nobody_can_tell()
    {
        await using var server = await TestServer.StartAsync();
        server.Service<Projector>().Stop();
        Watch(server, server.OpenShop(), 0).Count("ada"u8, 0, null).ShouldBe(-1);
    }

    /// <summary>DuckDB has committed a batch, and it is not added yet.</summary>
    [Fact]
    public void A_history_that_is_ahead_of_what_was_added_is_read_again()
    {
        var watches = new BehaviourWatches(TimeProvider.System);
        watches.Follow(0, 0);
        var watch = watches.Watch(new BehaviourQuestion("SHOP", EventAction.Impression, null, DateTimeZone.Utc));
        watches.Begin();
        watches.Note("SHOP"u8, EventAction.Impression, "66d5"u8, "ada"u8, Clock.Now);
        watches.TryTake(watch, History(watch, Clock.Now), 0, 1).ShouldBeFalse();
        watches.Apply(1);
        watches.TryTake(watch, History(watch, Clock.Now), 0, 1).ShouldBeTrue();
        watch.Count("ada"u8, Clock.Now * 1000, null).ShouldBe(1);
    }

    [Fact]
    public void Of_a_history_no_more_days_are_kept_than_a_window_reaches()
    {
        var watch = new BehaviourWatches(TimeProvider.System).Watch(new BehaviourQuestion("SHOP", EventAction.Impression, null, DateTimeZone.Utc));
        var history = History(watch, [.. Enumerable.Range(0, 3000).Select(static day => Clock.Now - (day * 86_400L))]);
        history.Days.ShouldBe(BehaviourWatch.LongestWindow);
        history.Count(watch.KeyOf("ada"u8), 0, null).ShouldBe(3000);
    }

    [Fact]
    public void What_is_not_asked_any_more_is_not_counted_any_more()
    {
        var watches = new BehaviourWatches(TimeProvider.System);
        watches.Follow(0, 0);
        var (one, other) = (new BehaviourQuestion("SHOP", EventAction.Click, null, DateTimeZone.Utc), new BehaviourQuestion("SHOP_DEBUG", EventAction.Click, null, DateTimeZone.Utc));
        var (dropped, kept) = (watches.Watch(one), watches.Watch(other));
        watches.KeepOnly("SHOP", []);
        watches.Watch(one).ShouldNotBeSameAs(dropped);
        watches.Watch(other).ShouldBeSameAs(kept);
    }

    private static BehaviourHistory History(BehaviourWatch watch, params long[] times)
    {
        var history = watch.NewHistory(Clock.Now * 1000);
        foreach (var time in times)
        {
            history.Add(watch.KeyOf("ada"u8), watch.DayOf(time), 1);
        }

        return history;
    }

    [Fact]
    public async Task The_same_question_is_counted_once()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        Watch(server, shop, 2).ShouldBeSameAs(Watch(server, shop, 2));
    }

    private static BehaviourWatch Watch(TestServer server, Shop shop, int question) => server.Service<BehaviourWatches>()
        .Watch(new BehaviourQuestion(shop.Id, Questions[question].Action, Questions[question].Name, Zurich));

    /// <summary>Events of the last hundred days and a few of tomorrow; some have been sent before.</summary>
    private static async Task PostAsync(Shop shop, Seeded random, List<Sent> sent, DateTimeOffset now)
    {
        var events = new List<Sent>();
        lock (sent)
        {
            for (var index = 0; index < 8; index++)
            {
                var one = sent.Count > 0 && random.OneIn(4)
                    ? random.Pick(sent)
                    : new Sent(
                        random.Uuid(),
                        random.Next(Customers),
                        random.Next(4) switch { 0 => EventAction.Click, 1 => null, _ => EventAction.Impression },
                        random.Pick(0, 1),
                        now.ToUnixTimeSeconds() + 40_000 - random.Between(0, random.OneIn(2) ? 400_000 : 8_640_000));
                events.Add(one);
                if (!sent.Contains(one))
                {
                    sent.Add(one);
                }
            }
        }

        foreach (var one in events.Where(static one => one.Action is null))
        {
            (await shop.PostGoalsAsync($"customer-{one.Customer}", new JsonObject
            {
                ["action"] = one.Name, ["current_time"] = one.Time, ["moe_event_uuid"] = one.Uuid.ToString(),
            })).ShouldBeAccepted();
        }

        var elements = events.Where(static one => one.Action is not null).Select(static one =>
        {
            var element = Bodies.Element(Bodies.Action(
                action => (action["moe_event_uuid"], action["event_time"], action["action"]) =
                    (one.Uuid.ToString(), one.Time, one.Action == EventAction.Click ? EventActions.Clicked : EventActions.Shown),
                attributes => attributes["cid"] = $"{one.Name}_F_T_WP_AB_0_P_0_AU_1"));
            element["customer_id"] = $"customer-{one.Customer}";
            return (JsonObject)element;
        });
        if (elements.ToArray() is { Length: > 0 } some)
        {
            (await shop.PostAsync(Bodies.Of(some))).ShouldBeAccepted();
        }
    }

    private static long Expected(List<Sent> sent, (EventAction? Action, string? Name) question, int customer, long now, int? days)
    {
        var today = Instant.FromUnixTimeMilliseconds(now).InZone(Zurich).Date;
        return sent.Count(one => one.Customer == customer && one.Action == question.Action
            && (question.Name is null || one.Name == question.Name)
            && (days is null || (Instant.FromUnixTimeSeconds(one.Time).InZone(Zurich).Date is var day && day <= today && day > today.PlusDays(-days.Value))));
    }

    /// <summary>An impression or a click of an experience, or else a goal event.</summary>
    private sealed record Sent(Guid Uuid, int Customer, EventAction? Action, int Which, long Time)
    {
        public string Name => Action is null ? Goals[Which] : Experiences[Which];
    }
}
