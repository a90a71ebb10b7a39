namespace Vitrine.Hosting;

/// <summary>Logs: one JSON object a line where a program reads them, one readable line where a person does.</summary>
internal static class ServerLogging
{
    /// <summary>Adds the console, with the framework's own chatter reduced to warnings.</summary>
    public static void Add(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical); // A failed start is the command line's to explain.
        logging.AddFilter("Microsoft.AspNetCore.Diagnostics", LogLevel.None); // Errors logs what it reports.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error); // The keys of sessions lie in a folder that only the server may read.
        if (Console.IsErrorRedirected)
        {
            logging.AddJsonConsole(static console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                console.JsonWriterOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
        }
        else
        {
            logging.AddSimpleConsole(static console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "HH:mm:ss.fff'Z' ";
            });
        }

        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
