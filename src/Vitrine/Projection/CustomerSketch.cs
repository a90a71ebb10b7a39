namespace Vitrine.Projection;

/// <summary>How customers are remembered where single events are not kept: not who they are, but about how many, also in unions.</summary>
/// <remarks>
/// <para>
/// HyperLogLog (Flajolet, Fusy, Gandouet and Meunier, 2007): of a hash of each customer's id, twelve bits choose one of
/// <see cref="Registers"/>, which keeps the largest position of the lowest bit set in the other 52. The registers of a union
/// are the larger ones of each pair, so any hours can be taken together. Only registers that hold something are stored.
/// </para>
/// <para>
/// The hash has to be the same in every version and on every machine, since sketches outlive what they were made of: MD5,
/// of which DuckDB gives the lower half as a number. A sketch says of an id that it is not among its customers, or may be.
/// </para>
/// </remarks>
internal static class CustomerSketch
{
    /// <summary>How many registers a sketch has: its standard error is 1.04/√4096, 1.6 %.</summary>
    public const int Registers = 1 << 12;

    /// <summary>The largest rank: 52 bits are looked at, and the highest always counts as set.</summary>
    public const int HighestRank = 52;

    /// <summary>The register of a customer, in SQL over a column of hashes.</summary>
    public const string Register = "CAST(hash & 4095 AS USMALLINT)";

    /// <summary>The rank of a customer: the number of trailing zeros of the other bits, plus 1.</summary>
    public const string Rank = "CAST(bit_count(xor((hash >> 12) | 2251799813685248, ((hash >> 12) | 2251799813685248) - 1)) AS UTINYINT)";

    /// <summary>The hash of a customer, in SQL over a column of ids.</summary>
    public static string Hash(string customerId) => $"md5_number_lower({customerId})";
}
