using DuckDB.NET.Data;

namespace Vitrine.Projection;

/// <summary>The DuckDB file of the projection: how it is opened, and what opening it can mean.</summary>
internal static class ProjectionFile
{
    /// <summary>The version of the tables; a file of another one is rebuilt.</summary>
    public const int Layout = 1;

    private static readonly string Schema = ReadSql("Schema.sql");

    /// <summary>Opens a connection. Connections to one file share one instance of DuckDB within a process.</summary>
    public static DuckDBConnection Open(string path, ProjectionOptions options)
    {
        var connection = new DuckDBConnection(
            $"DataSource={path};memory_limit={options.MemoryLimitBytes / 1024 / 1024}MiB;autoinstall_known_extensions=false;autoload_known_extensions=false");
        connection.Open();
        return connection;
    }

    /// <summary>Creates the tables where absent.</summary>
    public static void Prepare(DuckDBConnection connection)
    {
        Execute(connection, Schema);
        Execute(connection, "SET checkpoint_threshold = '64MiB'");
        // Half of the processors: requests and the journal need the others, and DuckDB's idle threads are not free.
        Execute(connection, string.Create(null, $"SET threads = {Math.Max(1, Environment.ProcessorCount / 2)}"));
        var layout = Convert.ToInt32(Scalar(connection, "SELECT layout FROM projection_state"), null);
        if (layout != Layout)
        {
            throw new InvalidDataException($"The projection has layout {layout}; this version writes {Layout}.");
        }
    }

    /// <summary>
    /// Whether a failure to open says that the file is damaged, not that the disk is full or the file in use. A
    /// damaged file is set aside and rebuilt; for the others the same file will do later.
    /// </summary>
    public static bool MeansDamage(Exception fault) =>
        fault is InvalidDataException
        || (fault is DuckDBException
            && !fault.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase)
            && !fault.Message.Contains("Could not set lock", StringComparison.OrdinalIgnoreCase)
            && !fault.Message.Contains("Read-only file system", StringComparison.OrdinalIgnoreCase)
            && !fault.Message.Contains("Permission denied", StringComparison.OrdinalIgnoreCase)
            && !fault.Message.Contains("Out of Memory", StringComparison.OrdinalIgnoreCase));

    /// <summary>Runs statements.</summary>
    public static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a query for one value.</summary>
    public static object? Scalar(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static string ReadSql(string name)
    {
        using var stream = typeof(ProjectionFile).Assembly.GetManifestResourceStream($"Vitrine.Projection.Sql.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
