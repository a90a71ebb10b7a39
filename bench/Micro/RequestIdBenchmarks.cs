using BenchmarkDotNet.Attributes;
using Vitrine.Journal;

namespace Vitrine.Micro;

/// <summary>The id of an answer.</summary>
public class RequestIdBenchmarks
{
    private readonly char[] _id = new char[8];
    private long _position;

    [Benchmark]
    public char Write()
    {
        RequestId.Write(_id, ++_position);
        return _id[0];
    }

    [Benchmark]
    public long WriteAndParse()
    {
        RequestId.Write(_id, ++_position);
        return RequestId.TryParse(_id, out var position) ? position : -1;
    }
}
