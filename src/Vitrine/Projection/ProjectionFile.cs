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
        var connection = new DuckDBConnection(new DuckDBConnectionStringBuilder
        {
            DataSource = path,
            ["memory_limit"] = $"{options.MemoryLimitBytes / 1024 / 1024}MiB",
            ["max_temp_directory_size"] = $"{options.MemoryLimitBytes / 1024 / 1024}MiB", // Spilling must not fill the journal's disk.
            ["autoinstall_known_extensions"] = "false",
            ["autoload_known_extensions"] = "false",
        }.ToString());
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

    /// <summary>Sets the memory that DuckDB may use, for all connections of the process to the file.</summary>
    public static void LimitMemory(DuckDBConnection connection, long bytes) =>
        Execute(connection, string.Create(null, $"SET memory_limit = '{bytes / 1024 / 1024}MiB'"));

    /// <summary>
    /// Whether a failure to open says that the file is damaged, not that the disk is full or the file in use. A
    /// damaged file is set aside and rebuilt; for the others the same file will do later.
    /// </summary>
    public static bool MeansDamage(Exception fault) =>
        fault is InvalidDataException
        || (fault is DuckDBException or ChunkReaderException
            && !fault.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase)
            && !fault.Message.Contains("Could not set lock", StringComparison.OrdinalIgnoreCase)
            && !fault.Message.Contains("Read-only file system", StringComparison.OrdinalIgnoreCase)
            && !fault.Message.Contains("Permission denied", StringComparison.OrdinalIgnoreCase)
            && !fault.Message.Contains("Too many open files", StringComparison.OrdinalIgnoreCase)
            && !fault.Message.Contains("Cannot allocate memory", StringComparison.OrdinalIgnoreCase)
            && !fault.Message.Contains("Input/output error", StringComparison.OrdinalIgnoreCase)
            && !MeansOutOfMemory(fault)
            && !MeansInvalidated(fault));

    /// <summary>Whether DuckDB has closed itself after an earlier fault: the instance is of no more use, the file may well be.</summary>
    public static bool MeansInvalidated(Exception fault) =>
        fault.Message.Contains("has been invalidated", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a block of the file is not as DuckDB wrote it.</summary>
    public static bool MeansCorruption(Exception fault) =>
        fault is DuckDBException or ChunkReaderException && fault.Message.Contains("Corrupt database file", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether DuckDB would need more memory, or more room to spill, than it may have.</summary>
    public static bool MeansOutOfMemory(Exception fault) =>
        fault is DuckDBException or ChunkReaderException && fault.Message.Contains("Out of Memory", StringComparison.OrdinalIgnoreCase);

    /// <summary>The position of a projection or a base that no server has open.</summary>
    public static long PositionOf(string file)
    {
        using var connection = OpenForReading(file);
        return Position(connection);
    }

    /// <summary>The layout of such a file.</summary>
    public static int LayoutOf(string file)
    {
        using var connection = OpenForReading(file);
        return Convert.ToInt32(Scalar(connection, "SELECT layout FROM projection_state"), null);
    }

    /// <summary>Opens a file that no server has open.</summary>
    public static DuckDBConnection OpenForReading(string file)
    {
        var connection = new DuckDBConnection(new DuckDBConnectionStringBuilder { DataSource = file, ["ACCESS_MODE"] = "READ_ONLY" }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>The position that a connection's transaction sees.</summary>
    public static long Position(DuckDBConnection connection) =>
        Convert.ToInt64(Scalar(connection, "SELECT position FROM projection_state"), null);

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
