using System.CommandLine;
using Vitrine.Hosting;

namespace Vitrine.Commands;

/// <summary><c>vitrine openapi</c>: prints the description of the interface without running a server.</summary>
internal static class OpenApiCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command("openapi", "Print the OpenAPI document of the interface");
        command.SetAction(async (_, cancellation) =>
        {
            var folder = Directory.CreateTempSubdirectory("vitrine-openapi-");
            try
            {
                using var directory = DataDirectory.Take(folder.FullName);
                await using var server = Server.Build(new ServerOptions { Urls = "http://127.0.0.1:0" }, directory);
                await server.StartAsync(cancellation); // The endpoints are known to the generator from here on.
                var document = await OpenApiDocument.GenerateAsync(server, cancellation);
                Console.Out.WriteLine(document.ReplaceLineEndings("\n").TrimEnd());
                await server.StopAsync(cancellation);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return command;
    }
}
