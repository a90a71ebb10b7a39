using System.CommandLine;
using Vitrine.Demo;
using Vitrine.Experiences.Geography;
using Vitrine.Forwarding;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.People;
using Vitrine.Privacy;
using Vitrine.Workspaces;

namespace Vitrine.Commands;

/// <summary><c>vitrine serve</c>.</summary>
internal static class ServeCommand
{
    private const string DemoData = "data-demo";

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Addresses to listen on, separated by semicolons",
            DefaultValueFactory = static _ => new ServerOptions().Urls,
        };
        var data = CommonOptions.Data();
        var age = new Option<string?>("--journal-retention-age")
        {
            Description = "Trim journal records older than this, for example 30d; their events stay in the reports (default: keep all)",
        };
        var size = new Option<string?>("--journal-retention-size")
        {
            Description = "Trim the oldest journal records beyond this size, for example 20GiB (default: keep all)",
        };
        var memory = new Option<string?>("--report-memory")
        {
            Description = "Memory that reports may use, for example 2GiB (default: a quarter of the machine's)",
        };
        var pages = new Option<string?>("--report-page-memory")
        {
            Description = "Memory for figures kept between reports, for example 1GiB; 0 keeps none (default: an eighth of the machine's)",
        };
        var uuids = new Option<string?>("--deduplication-memory")
        {
            Description = "Memory for the uuids that tell a repeated event, for example 1GiB; older ones go to the disk (default: an eighth of the machine's)",
        };
        var profiles = new Option<string?>("--profile-memory")
        {
            Description = "Memory for the profiles of customers, for example 1GiB; older ones go to the disk (default: an eighth of the machine's)",
        };
        var geography = new Option<string?>("--geography")
        {
            Description = "A MaxMind-format file (.mmdb) in which addresses of users are looked up (default: none, and conditions about places do not hold)",
        };
        var erasure = new Option<string>("--erasure-interval")
        {
            Description = "How far apart files are written anew without customers who were erased; the first time begins at once",
            DefaultValueFactory = static _ => "1h",
        };
        var forward = new Option<string?>("--forward")
        {
            Description = "A JSON file that says where accepted events are forwarded to (default: nowhere); see docs/forwarding.md",
        };
        var cluster = new ClusterArguments();
        var proxy = new ProxyArguments();
        var openId = new OpenIdArguments();
        var tls = new TlsArguments();
        var demo = new Option<bool>("--demo")
        {
            Description = $"Run a shop with made-up customers to look at, in a folder of its own ({DemoData} unless --data says another)",
        };
        var command = new Command("serve", "Run the server (vitrine --help lists the other commands)")
        {
            urls, data, age, size, memory, pages, uuids, profiles, geography, erasure, forward, demo,
        };
        proxy.AddTo(command);
        openId.AddTo(command);
        tls.AddTo(command);
        cluster.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var defaults = new ServerOptions();
            var options = defaults with
            {
                Urls = parsed.GetValue(urls)!,
                Data = parsed.GetValue(demo) && parsed.GetResult(data) is null or { Implicit: true } ? DemoData : parsed.GetValue(data)!,
                Demo = parsed.GetValue(demo),
                OpenId = openId.Read(parsed),
                Tls = tls.Read(parsed),
                Cluster = cluster.Read(parsed),
                Journal = defaults.Journal with
                {
                    RetentionAge = parsed.GetValue(age) is { } duration ? Quantity.Duration(duration) : null,
                    RetentionBytes = parsed.GetValue(size) is { } bytes ? Quantity.Bytes(bytes) : null,
                },
                Projection = defaults.Projection with
                {
                    MemoryLimitBytes = parsed.GetValue(memory) is { } limit ? Quantity.Bytes(limit) : defaults.Projection.MemoryLimitBytes,
                    DeduplicationMemoryBytes = parsed.GetValue(uuids) is { } counted
                        ? Quantity.Bytes(counted)
                        : defaults.Projection.DeduplicationMemoryBytes,
                    ProfileMemoryBytes = parsed.GetValue(profiles) is { } known ? Quantity.Bytes(known) : defaults.Projection.ProfileMemoryBytes,
                },
                Reports = parsed.GetValue(pages) is { } kept
                    ? defaults.Reports with { PageMemoryBytes = Quantity.Bytes(kept) }
                    : defaults.Reports,
                Privacy = new PrivacyOptions { ErasureInterval = Quantity.Duration(parsed.GetValue(erasure)!) },
                Forwarding = parsed.GetValue(forward) is { } file ? new ForwardingOptions { Targets = ForwardingFile.Read(file, CommonOptions.Variable) } : new ForwardingOptions(),
                Geography = new GeographyOptions { File = parsed.GetValue(geography) },
            };
            return await RunAsync(proxy.Read(parsed, options), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, CancellationToken cancellation)
    {
        if (options.Errors().FirstOrDefault() is { } error)
        {
            throw new CommandException(error);
        }

        using var directory = DataDirectory.Take(options.Data);
        if (!options.Cluster.IsUsed)
        {
            directory.PrepareForServer();
        }

        await using var server = Server.Build(options, directory);
        var catalog = server.Services.GetRequiredService<ICatalog>();
        var welcome = options.Demo
            ? FirstStart.OfDemo(catalog, DemoShop.WorkspaceId, server.Services.GetRequiredService<DemoKey>().Value)
            : FirstStart.Prepare(catalog, options.Cluster.IsUsed);
        try
        {
            await server.StartAsync(cancellation);
        }
        catch
        {
            welcome.PrintKey(Console.Out);
            await server.StopAsync(CancellationToken.None); // Otherwise what has started complains of being torn down.
            throw;
        }

        welcome.Print(Console.Out, server.Urls, server.Services.GetRequiredService<FirstPerson>().Code);
        try
        {
            await server.WaitForShutdownAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // Clients that did not come to an end in the time for draining were cut off; nothing of theirs was acknowledged.
        }

        return server.Services.GetRequiredService<IJournal>().Fatal.IsCompleted ? JournalGuard.ExitCode
            : server.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(static service => service.ExecuteTask is { IsFaulted: true })
                ? throw new CommandException("a part of the server failed, which ended it; the log says how")
            : 0;
    }
}
