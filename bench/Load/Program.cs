using System.CommandLine;
using Vitrine.Load;

var rounds = new Option<int>("--rounds") { Description = "Pairs of a no-op and an events measurement", DefaultValueFactory = static _ => 5 };
var seconds = new Option<int>("--seconds") { Description = "Seconds of each measurement", DefaultValueFactory = static _ => 8 };
var warmUp = new Option<int>("--warm-up") { Description = "Seconds of load before the first round", DefaultValueFactory = static _ => 5 };
var threads = new Option<int>("--threads") { Description = "Threads of wrk", DefaultValueFactory = static _ => 1 };
var data = new Option<string>("--data")
{
    Description = "Where the data folders are made; on the disk that is to be measured",
    DefaultValueFactory = static _ => Path.Combine(Path.GetTempPath(), "vitrine-load-" + Path.GetRandomFileName()),
};
var synced = new Option<bool>("--sync-always") { Description = "Clusters: servers of NATS with sync_interval: always, so that each message is on the disk before it is acknowledged" };
var brokers = new Option<double?>("--broker-processors") { Description = "Clusters: so much of the machine's processors the servers of NATS have together, as 0.5: as if they were on machines of their own; needs root" };
var soak = new Option<int>("--soak") { Description = "Minutes of one scenario without a pause, in place of the comparison; the first of those chosen" };
var only = new Option<string[]>("--only")
{
    Description = "Scenarios: " + string.Join(", ", Scenario.All.Select(static scenario => scenario.Name)),
    AllowMultipleArgumentsPerToken = true,
};
only.AcceptOnlyFromAmong([.. Scenario.All.Select(static scenario => scenario.Name)]);

var command = new RootCommand("Loads the server with wrk and compares it with an endpoint that does nothing. Prints Markdown.")
{
    rounds, seconds, warmUp, threads, data, synced, brokers, only, soak,
};
command.SetAction(async parsed =>
{
    var options = new LoadOptions(
        parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(warmUp), parsed.GetValue(threads), parsed.GetValue(data)!, parsed.GetValue(synced), parsed.GetValue(brokers));
    var chosen = parsed.GetValue(only) is { Length: > 0 } names ? names : null;
    var results = new List<Result>();
    try
    {
        var scenarios = Scenario.All.Where(scenario => chosen?.Contains(scenario.Name) ?? true);
        if (parsed.GetValue(soak) is > 0 and var minutes)
        {
            await Soak.RunAsync(scenarios.First(), options, minutes);
            return 0;
        }

        foreach (var scenario in scenarios.Where(static one => one.Fetches))
        {
            Console.WriteLine(await FetchDriver.RunAsync(scenario, options));
        }

        foreach (var scenario in scenarios.Where(static one => one.Forwards))
        {
            Console.WriteLine(await ForwardDriver.RunAsync(scenario, options));
        }

        foreach (var scenario in scenarios.Where(static one => one.Clusters))
        {
            Console.WriteLine(await ClusterDriver.RunAsync(scenario, options));
        }

        foreach (var scenario in scenarios.Where(static one => !one.Fetches && !one.Forwards && !one.Clusters))
        {
            results.Add(await Driver.RunAsync(scenario, options));
        }
    }
    catch (LoadException fault)
    {
        await Console.Error.WriteLineAsync(fault.Message);
        return 1;
    }
    finally
    {
        if (Directory.Exists(options.Data))
        {
            Directory.Delete(options.Data, recursive: true);
        }
    }

    Console.Write(results.Count == 0 ? "" : Report.Write(results, options));
    var faults = results.SelectMany(static result => result.Faults().Select(fault => $"{result.Scenario.Name}: {fault}")).ToList();
    faults.ForEach(Console.Error.WriteLine);
    return faults.Count == 0 ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();
