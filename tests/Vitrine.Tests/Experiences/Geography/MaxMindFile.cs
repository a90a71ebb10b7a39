using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Vitrine.Tests.Experiences.Geography;

/// <summary>
/// Writes small files of MaxMind's format 2.0: a binary tree over the bits of addresses, whose leaves point to records,
/// and a description of the file at its end. IPv4 addresses lie below <c>::/96</c>, where the file is for IPv6.
/// </summary>
internal sealed class MaxMindFile(string type = "Test-City", int version = 6)
{
    private const int Empty = -1;
    private static readonly byte[] Marker = [0xAB, 0xCD, 0xEF, .. "MaxMind.com"u8];

    private readonly List<int[]> _nodes = [[Empty, Empty]];
    private readonly List<byte> _data = [];

    /// <summary>Says what holds of a network, such as <c>203.0.113.0/24</c>. Networks must not lie within each other.</summary>
    public MaxMindFile Add(string network, object record)
    {
        var (address, length) = network.Split('/') is [var text, var bits] ? (IPAddress.Parse(text), int.Parse(bits, null)) : throw new FormatException(network);
        var bytes = address.GetAddressBytes();
        if (version == 6 && address.AddressFamily == AddressFamily.InterNetwork)
        {
            bytes = [.. new byte[12], .. bytes];
            length += 96;
        }

        var node = 0;
        for (var bit = 0; bit < length - 1; bit++)
        {
            ref var next = ref _nodes[node][Bit(bytes, bit)];
            if (next == Empty)
            {
                next = _nodes.Count;
                _nodes.Add([Empty, Empty]);
            }

            node = next;
        }

        // Pointers to data are told from nodes by being less than empty, until the number of nodes is known.
        _nodes[node][Bit(bytes, length - 1)] = Empty - 1 - _data.Count;
        Write(_data, record);
        return this;
    }

    public void Save(string path)
    {
        var file = new List<byte>();
        foreach (var record in _nodes.SelectMany(static node => node))
        {
            var value = record >= 0 ? record : record == Empty ? _nodes.Count : _nodes.Count + 16 + (Empty - 1 - record);
            file.AddRange([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);
        }

        file.AddRange(new byte[16]);
        file.AddRange(_data);
        file.AddRange(Marker);
        Write(file, new Dictionary<string, object>
        {
            ["node_count"] = (uint)_nodes.Count,
            ["record_size"] = (ushort)24,
            ["ip_version"] = (ushort)version,
            ["database_type"] = type,
            ["languages"] = new object[] { "en" },
            ["binary_format_major_version"] = (ushort)2,
            ["binary_format_minor_version"] = (ushort)0,
            ["build_epoch"] = 1_764_000_000UL,
            ["description"] = new Dictionary<string, object> { ["en"] = "Made by a test" },
        });
        File.WriteAllBytes(path, [.. file]);
    }

    private static int Bit(byte[] bytes, int bit) => (bytes[bit / 8] >> (7 - (bit % 8))) & 1;

    private static void Write(List<byte> output, object value)
    {
        switch (value)
        {
            case string text:
                WriteControl(output, 2, Encoding.UTF8.GetByteCount(text));
                output.AddRange(Encoding.UTF8.GetBytes(text));
                break;
            case ushort small:
                WriteInteger(output, 5, small);
                break;
            case uint number:
                WriteInteger(output, 6, number);
                break;
            case ulong large:
                WriteInteger(output, 9, large);
                break;
            case object[] list:
                WriteControl(output, 11, list.Length);
                Array.ForEach(list, element => Write(output, element));
                break;
            case IReadOnlyDictionary<string, object> map:
                WriteControl(output, 7, map.Count);
                foreach (var (name, element) in map)
                {
                    Write(output, name);
                    Write(output, element);
                }

                break;
            default:
                throw new NotSupportedException(value.GetType().Name);
        }
    }

    private static void WriteInteger(List<byte> output, int type, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        var significant = bytes.SkipWhile(static one => one == 0).ToArray();
        WriteControl(output, type, significant.Length);
        output.AddRange(significant);
    }

    /// <summary>Three bits of type and five of size; types from 8 on stand in a byte behind, sizes from 29 on likewise.</summary>
    private static void WriteControl(List<byte> output, int type, int size)
    {
        size.ShouldBeLessThan(285);
        output.Add((byte)(((type < 8 ? type : 0) << 5) | Math.Min(size, 29)));
        if (type >= 8)
        {
            output.Add((byte)(type - 7));
        }

        if (size >= 29)
        {
            output.Add((byte)(size - 29));
        }
    }
}
