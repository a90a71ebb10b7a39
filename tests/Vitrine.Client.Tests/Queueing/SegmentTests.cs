using System.Text;
using CsCheck;
using Vitrine.Client.Queueing;
using Vitrine.Client.Tests.Support;

namespace Vitrine.Client.Tests.Queueing;

public sealed class SegmentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder["one.queue"];

    [Fact]
    public void What_was_taken_away_stays_away_and_the_rest_is_there_when_it_is_opened_again()
    {
        using (var segment = Segment.Create(File))
        {
            Append(segment, "a", "b", "c");
            segment.Advance(segment.Read(2, 1_000));
        }

        using var again = Segment.TryOpen(File)!;
        again.Waiting.ShouldBe(1);
        Texts(again.Read(10, 1_000)).ShouldBe(["c"]);
    }

    [Fact]
    public void A_line_that_was_cut_off_is_cut_off_and_the_next_is_whole()
    {
        using (var segment = Segment.Create(File))
        {
            Append(segment, "a", "b");
        }

        System.IO.File.AppendAllText(File, "{\"half");
        using var again = Segment.TryOpen(File)!;
        again.Waiting.ShouldBe(2);
        Append(again, "c");
        Texts(again.Read(10, 1_000)).ShouldBe(["a", "b", "c"]);
    }

    [Theory]
    [InlineData("{\"next\":999999999             }\n")]
    [InlineData("{\"next\":33                    }\n")]
    [InlineData("{\"next\":-5                    }\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public void With_a_place_that_cannot_be_it_is_read_from_its_beginning(string header)
    {
        header.Length.ShouldBe(32);
        using (var segment = Segment.Create(File))
        {
            Append(segment, "a", "b");
            segment.Advance(segment.Read(1, 1_000));
        }

        using (var stream = System.IO.File.OpenWrite(File))
        {
            stream.Write(Encoding.ASCII.GetBytes(header));
        }

        using var again = Segment.TryOpen(File)!;
        Texts(again.Read(10, 1_000)).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(31)]
    public void One_that_was_hardly_begun_is_empty_and_can_be_used(int length)
    {
        System.IO.File.WriteAllText(File, new string('{', length));
        using var segment = Segment.TryOpen(File)!;
        segment.Waiting.ShouldBe(0);
        Append(segment, "a");
        Texts(segment.Read(10, 1_000)).ShouldBe(["a"]);
    }

    [Fact]
    public void Nobody_opens_what_somebody_has_open()
    {
        using var segment = Segment.Create(File);
        Segment.TryOpen(File).ShouldBeNull();
        Segment.TryOpen(_folder["none.queue"]).ShouldBeNull();
    }

    [Fact]
    public void It_reads_as_many_bytes_as_it_is_told_but_one_event_at_least()
    {
        using var segment = Segment.Create(File);
        Append(segment, new string('a', 200_000), "b", "c");
        segment.Read(10, 100).Count.ShouldBe(1);
        segment.Read(10, 200_001).Count.ShouldBe(2);
    }

    [Fact]
    public void It_holds_what_a_list_holds_whatever_happens() =>
        Gen.Select(Gen.Int[0, 4], Gen.String[Gen.Char['a', 'z'], 0, 40], Gen.Int[1, 5]).Array[0, 60].Sample(
            steps =>
            {
                var file = _folder[Guid.NewGuid().ToString()];
                var segment = Segment.Create(file);
                var oracle = new List<string>();
                foreach (var (step, text, count) in steps)
                {
                    switch (step)
                    {
                        case 0 or 1:
                            Append(segment, text);
                            oracle.Add(text);
                            break;
                        case 2:
                            var lines = segment.Read(count, 1_000_000);
                            segment.Advance(lines);
                            oracle.RemoveRange(0, lines.Count);
                            break;
                        case 3:
                            segment.Dispose();
                            segment = Segment.TryOpen(file)!;
                            break;
                        default:
                            segment.Dispose();
                            System.IO.File.AppendAllText(file, text);
                            segment = Segment.TryOpen(file)!;
                            break;
                    }

                    if (segment.Waiting != oracle.Count || !Texts(segment.Read(100, 1_000_000)).SequenceEqual(oracle) || segment.Length != new FileInfo(file).Length)
                    {
                        return false;
                    }
                }

                segment.Dispose();
                return true;
            },
            iter: 300);

    public void Dispose() => _folder.Dispose();

    private static void Append(Segment segment, params string[] texts)
    {
        foreach (var text in texts)
        {
            segment.Append(Encoding.ASCII.GetBytes(text + "\n"));
        }
    }

    private static IEnumerable<string> Texts(IEnumerable<byte[]> lines) => lines.Select(Encoding.ASCII.GetString);
}
