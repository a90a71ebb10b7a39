using System.Globalization;
using Vitrine.Client;

// An app that the tests kill. It does what it is told, line by line, and says when that is done.
var context = new ExperienceContext("66d55ae445921e4d35ae4368_F_T_WP_AB_1_P_0_AU_5A", "Homepage banner", "0", "1", "All Users", "5A");
var clock = new ShiftedClock();
var client = new VitrineClient(new VitrineOptions
{
    Host = new Uri(args[0]),
    Workspace = args[1],
    Key = args[2],
    Folder = args[3],
    TimeProvider = clock,
    MaximumQueueBytes = args.Length > 4 ? long.Parse(args[4], CultureInfo.InvariantCulture) : 64 << 20,
});
Say("ready");
while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ');
    switch (words[0])
    {
        case "shown":
            for (var number = int.Parse(words[1], CultureInfo.InvariantCulture); number > 0; number--)
            {
                client.Shown(context);
            }

            Say("shown");
            break;
        case "shown-one-by-one": // Says so after each, so that whoever kills this knows what it returned for.
            for (var number = 1; ; number++)
            {
                client.Shown(context);
                Say(number.ToString(CultureInfo.InvariantCulture));
            }

        case "flush":
            Say((await client.FlushAsync()) ? "flushed" : "left");
            break;
        case "fetch":
            var result = await client.FetchAsync([words[1]]);
            Say($"{result.Source} {result[words[1]]?.Payload.GetString("title")}");
            break;
        case "clock":
            clock.Shift = TimeSpan.FromHours(int.Parse(words[1], CultureInfo.InvariantCulture));
            Say("clock");
            break;
        case "queued":
            Say(client.Queued.ToString(CultureInfo.InvariantCulture));
            break;
        case "dropped":
            Say(client.Dropped.ToString(CultureInfo.InvariantCulture));
            break;
        case "end":
            await client.DisposeAsync();
            return;
        default:
            throw new ArgumentException($"'{line}' is nothing that can be told.");
    }
}

static void Say(string text)
{
    Console.WriteLine(text);
    Console.Out.Flush();
}

/// <summary>A clock that is wrong by as much as it is told.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
