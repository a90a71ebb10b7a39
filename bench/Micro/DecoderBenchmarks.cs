using BenchmarkDotNet.Attributes;
using Vitrine.Events;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Micro;

/// <summary>From the bytes of a body to the journal's record, and from the record back.</summary>
public class DecoderBenchmarks
{
    private readonly ByteWriter _record = new();
    private readonly ExperienceRequest _request = new();
    private EventsDecoder _decoded = null!;
    private byte[] _body = null!;

    [Params(1, 20)]
    public int Elements { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _body = Bodies.Make(Elements, Elements == 1 ? 1 : 5);
        _decoded = EventsDecoder.Rent();
        _decoded.Source.WriteRaw(_body);
        if (_decoded.Decode(Bodies.Now, lenient: false) != RejectionReason.None)
        {
            throw new InvalidOperationException(_decoded.Errors[0].Reason);
        }
    }

    [Benchmark]
    public int Decode()
    {
        var decoder = EventsDecoder.Rent();
        decoder.Source.WriteRaw(_body);
        decoder.Decode(Bodies.Now, lenient: false);
        var count = decoder.Request.Events.Count;
        decoder.Return();
        return count;
    }

    [Benchmark]
    public int WriteRecord()
    {
        _record.Clear();
        _decoded.WriteRecord("LOAD"u8, _record);
        return _record.Length;
    }

    [Benchmark]
    public int WriteAndReadRecord()
    {
        WriteRecord();
        ExperienceRequestCodec.Read(_record.Written, _request);
        return _request.Events.Count;
    }
}
