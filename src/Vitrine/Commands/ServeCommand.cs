using System.CommandLine;
using Vitrine.Hosting;

namespace Vitrine.Commands;

internal static class ServeCommand
{
    public static Command Create()
    {
        var urls = new Option<string>("--urls") { Description = "Addresses to listen on", DefaultValueFactory = static _ => new ServerOptions().Urls };
        var data = new Option<string>("--data") { Description = "The data folder", DefaultValueFactory = static _ => new ServerOptions().Data };
        var command = new Command("serve", "Run the server") { urls, data };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new ServerOptions { Urls = parsed.GetValue(urls)!, Data = parsed.GetValue(data)! };
            using var directory = DataDirectory.Take(options.Data);
            await using var server = Server.Build(options, directory);
            await server.RunAsync(cancellation);
            return Environment.ExitCode;
        });
        return command;
    }
}
