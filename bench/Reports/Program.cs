using System.CommandLine;
using System.Globalization;
using Vitrine.ReportBench;

var events = new Option<long>("--events") { Description = "Events in each data folder", DefaultValueFactory = static _ => 100_000_000 };
var customers = new Option<int>("--customers") { Description = "Customers that they are of", DefaultValueFactory = static _ => 10_000_000 };
var rounds = new Option<int>("--rounds") { Description = "Warm questions of each kind", DefaultValueFactory = static _ => 11 };
var keep = new Option<bool>("--keep") { Description = "Keep the data folders, and take those that are there" };
var plain = new Option<bool>("--plain") { Description = "Without pages, for comparison" };
var experiment = new Option<bool>("--experiment") { Description = "Experiment results instead of reports, with a tenth as many goal events" };
var dashboard = new Option<bool>("--dashboard") { Description = "Pages of the dashboard instead of reports, in Chromium" };
var data = new Option<string>("--data")
{
    Description = "Where the data folders are made",
    DefaultValueFactory = static _ => Path.Combine(Path.GetTempPath(), "vitrine-reports"),
};
var command = new RootCommand("Measures reports over many events, first cold and then warm, and restarts with them. Prints Markdown.") { events, customers, rounds, keep, plain, experiment, dashboard, data };
command.SetAction(async parsed =>
{
    if (parsed.GetValue(experiment))
    {
        var made = new DataFolder(Path.Combine(parsed.GetValue(data)!, "experiment"), parsed.GetValue(events), 1, parsed.GetValue(customers)) { GoalEvents = parsed.GetValue(events) / 10 };
        await Experiment.MeasureAsync(made, parsed.GetValue(rounds));
        if (!parsed.GetValue(keep))
        {
            made.Delete();
        }

        return;
    }

    if (parsed.GetValue(dashboard))
    {
        var made = new DataFolder(Path.Combine(parsed.GetValue(data)!, "dashboard"), parsed.GetValue(events), 50, parsed.GetValue(customers));
        await Pages.MeasureAsync(made, parsed.GetValue(rounds));
        if (!parsed.GetValue(keep))
        {
            made.Delete();
        }

        return;
    }

    const string month = "from=2026-10-01&to=2026-10-31";
    var pages = !parsed.GetValue(plain);
    var measured = new List<Measurement>();
    var restarts = new List<string>();
    try
    {
        foreach (var (name, experiences) in new[] { ("50 experiences", 50), ("one experience", 1) })
        {
            var folder = new DataFolder(
                Path.Combine(parsed.GetValue(data)!, experiences.ToString(CultureInfo.InvariantCulture)),
                parsed.GetValue(events),
                experiences,
                parsed.GetValue(customers));
            folder.Make();
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}: {folder.BytesPerEvent:N1} bytes an event in DuckDB"));
            await using (var server = await ReportServer.StartAsync(folder, pages))
            {
                foreach (var (question, path) in new[]
                {
                    ("one of them by variation, daily", $"/api/v1/reports/experiences/experience0?by=variation&scale=day&{month}"),
                    ("the list of all", $"/api/v1/reports/experiences?tz=Asia/Kathmandu&{month}"), // Its days are other pages, so it is cold too.
                })
                {
                    var measurement = await Measurement.TakeAsync(server, $"{name}: {question}", path, parsed.GetValue(rounds));
                    measured.Add(measurement);
                    await Console.Error.WriteLineAsync(measurement.ToString());
                }
            }

            for (var round = 1; round <= 3; round++)
            {
                restarts.Add((await Restart.MeasureAsync(folder)).Line($"{name}, {round}"));
                await Console.Error.WriteLineAsync(restarts[^1]);
            }

            if (!parsed.GetValue(keep))
            {
                folder.Delete();
            }
        }
    }
    finally
    {
        if (!parsed.GetValue(keep) && Directory.Exists(parsed.GetValue(data)))
        {
            Directory.Delete(parsed.GetValue(data)!, recursive: true);
        }
    }

    Console.WriteLine(Measurement.Header);
    measured.ForEach(Console.WriteLine);
    Console.WriteLine($"{Environment.NewLine}{Restart.Header}");
    restarts.ForEach(Console.WriteLine);
});
return await command.Parse(args).InvokeAsync();
