using System.CommandLine;
using Vitrine.Hosting;

namespace Vitrine.Commands;

/// <summary><c>vitrine openapi</c>: prints the description of the interface without running a server.</summary>
internal static class OpenApiCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var output = new Option<string?>("--output") { Description = "Write it to this file instead" };
        var command = new Command("openapi", "Print the OpenAPI document of the interface") { output };
        command.SetAction(async (parsed, cancellation) =>
        {
            var folder = Directory.CreateTempSubdirectory("vitrine-openapi-");
            try
            {
                using var directory = DataDirectory.Take(folder.FullName);
                await using var server = Server.Build(
                    new ServerOptions { Urls = "http://127.0.0.1:0" }, directory, static builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
                await server.StartAsync(cancellation); // The endpoints are known to the generator from here on.
                var document = await OpenApiDocument.GenerateAsync(server, cancellation);
                document = document.ReplaceLineEndings("\n").TrimEnd() + "\n";
                if (parsed.GetValue(output) is { } file)
                {
                    await File.WriteAllTextAsync(file, document, cancellation);
                }
                else
                {
                    Console.Out.Write(document);
                }

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
