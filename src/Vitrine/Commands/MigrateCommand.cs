using System.CommandLine;
using Vitrine.Cluster;
using Vitrine.Commands.Migration;

namespace Vitrine.Commands;

/// <summary><c>vitrine migrate</c>, between the data folder of a server that runs alone and a cluster. Both must be stopped.</summary>
internal static class MigrateCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create() => new("migrate", "Move a server's data into a cluster, or out of one") { CreateToCluster(), CreateFromCluster() };

    private static Command CreateToCluster()
    {
        var data = CommonOptions.Data();
        var arguments = new ClusterArguments();
        var command = new Command("to-cluster", "Move a data folder into an empty cluster, and prove that nothing has changed; the server must be stopped") { data };
        arguments.AddConnectionTo(command);
        arguments.AddSnapshotsTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var cluster = Cluster(arguments, parsed);
            var folder = Path.GetFullPath(parsed.GetValue(data)!);
            if (!await new ToCluster(cluster, TimeProvider.System, Console.WriteLine, ShowProgress).RunAsync(folder, cancellation))
            {
                throw new CommandException("what is in the cluster is not equal to the folder; nothing is marked as done: the folder is in use as before, and the cluster refuses nodes. Please report this");
            }

            Console.WriteLine($"{folder} was moved into the cluster {cluster.Name}, and is left as it is. Start nodes with folders of their own: vitrine serve --cluster …");
            Console.WriteLine("What does not go along: bookmarks of forwarding, which a cluster does not do yet, and the sessions of browsers: people sign in again.");
        });
        return command;
    }

    private static Command CreateFromCluster()
    {
        var data = CommonOptions.Data();
        var arguments = new ClusterArguments();
        var command = new Command("from-cluster", "Move a cluster into an empty data folder, and prove that nothing has changed; all nodes must be stopped") { data };
        arguments.AddConnectionTo(command);
        arguments.AddSnapshotsTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var cluster = Cluster(arguments, parsed);
            var folder = Path.GetFullPath(parsed.GetValue(data)!);
            if (!await new FromCluster(cluster, TimeProvider.System, Console.WriteLine, ShowProgress).RunAsync(folder, cancellation))
            {
                throw new CommandException("what was written is not equal to the cluster; nothing is marked as done: nodes can be started as before. Please report this");
            }

            Console.WriteLine($"The cluster {cluster.Name} was moved into {folder}, and is left as it is, but nodes refuse to start. Start the server: vitrine serve --data {folder}");
        });
        return command;
    }

    private static ClusterOptions Cluster(ClusterArguments arguments, ParseResult parsed)
    {
        var options = arguments.Read(parsed);
        return !options.IsUsed ? throw new CommandException("name the cluster with --cluster, such as nats://a:4222,nats://b:4222,nats://c:4222")
            : options.Errors().FirstOrDefault() is { } error ? throw new CommandException(error)
            : options;
    }

    /// <summary>Only where a person watches: a file would keep every step.</summary>
    private static void ShowProgress(long reached, long last)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{reached:N0} of {last:N0} positions{(reached >= last ? "\r\e[K" : "")}");
        }
    }
}
