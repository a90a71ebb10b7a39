using System.Text;
using CsCheck;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Tests.Journal;

public sealed class GoalRequestCodecTests
{
    private static readonly Gen<string> Text = Gen.String[Gen.Char.AlphaNumeric, 0, 30];

    private static readonly Gen<(GoalRequest Request, byte[] Source)> Any = Gen.Select(
        Gen.Long[0, 4_000_000_000_000],
        Gen.Int[0, 14],
        Text.Array[1, 4],
        Gen.Select(Gen.Int[0, 99], Gen.ULong, Gen.Long[0, 4_000_000_000], Gen.Int[-54_000, 54_000], Text, Gen.Int[0, 63]).Array[0, 6],
        Gen.Select(Gen.Int[0, 99], Gen.Int[1, 14], Gen.ULong, Text).Array[0, 4],
        static (receivedAt, refusal, names, actions, rejections) =>
        {
            var source = new ByteWriter();
            var request = new GoalRequest { ReceivedAt = receivedAt, Refusal = (RejectionReason)refusal, ReceivedEvents = actions.Length, CustomerId = Keep(source, names[0]) };
            request.Names.AddRange(names.Select(name => Keep(source, name)));
            foreach (var (index, uuid, time, offset, text, flags) in actions)
            {
                request.Actions.Add(new GoalAction(
                    index,
                    flags % names.Length,
                    flags % 2 == 0 ? uuid : null,
                    (Platform)(flags % 5),
                    time,
                    flags % 3 == 0 ? offset : null,
                    flags % 4 == 0 ? Keep(source, text) : default,
                    flags % 7 == 0 ? Keep(source, "{" + text) : default));
            }

            request.Rejections.AddRange(rejections.Select(one => new EventRejection(
                GoalRequest.NoElement, one.Item1, (RejectionReason)one.Item2, one.Item3 % 2 == 0 ? null : one.Item3, Keep(source, one.Item4), Keep(source, one.Item4), one.Item1 % 2 == 0)));
            return (request, source.Written.ToArray());
        });

    [Fact]
    public void What_is_written_is_read_back() => Any.Sample(
        static made =>
        {
            var record = Encode(made.Request, made.Source);
            var read = new GoalRequest();
            GoalRequestCodec.Read(record, read);
            Describe(read, record).ShouldBe(Describe(made.Request, made.Source));
            Encoding.UTF8.GetString(read.Environment.Of(record)).ShouldBe("SHOP");
        },
        iter: 2000);

    [Fact]
    public void A_record_cut_short_is_refused_and_nothing_worse() => Any.Sample(
        static made =>
        {
            var record = Encode(made.Request, made.Source);
            for (var length = 0; length < record.Length; length++)
            {
                Should.Throw<InvalidDataException>(() => GoalRequestCodec.Read(record.AsSpan(0, length), new GoalRequest()));
            }
        },
        iter: 20);

    [Fact]
    public void A_record_of_random_changes_is_read_or_refused_and_nothing_worse() => Gen.Select(Any, Gen.Int[0, int.MaxValue], Gen.Byte).Sample(
        static (made, place, value) =>
        {
            var record = Encode(made.Request, made.Source);
            record[place % record.Length] = value;
            try
            {
                GoalRequestCodec.Read(record, new GoalRequest());
            }
            catch (InvalidDataException)
            {
            }
        },
        iter: 2000);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    public void Another_kind_or_version_is_refused(int place, byte value)
    {
        var record = Encode(new GoalRequest(), []);
        record[place] = value;
        Should.Throw<InvalidDataException>(() => GoalRequestCodec.Read(record, new GoalRequest()));
    }

    private static byte[] Encode(GoalRequest request, byte[] source)
    {
        var target = new ByteWriter();
        GoalRequestCodec.Write(request, source, "SHOP"u8, target);
        return target.Written.ToArray();
    }

    private static Slice Keep(ByteWriter source, string text)
    {
        var start = source.Length;
        source.WriteRaw(Encoding.UTF8.GetBytes(text));
        return new Slice(start, source.Length - start);
    }

    private static string Describe(GoalRequest request, byte[] source)
    {
        string Of(Slice slice) => slice.Present ? Encoding.UTF8.GetString(slice.Of(source)) : "-";
        var lines = request.Actions.Select(one =>
            $"{one.Index} {Of(request.Names[one.Name])} {one.Uuid} {one.Platform} {one.Time} {one.TimezoneOffset} {Of(one.AppVersion)} {Of(one.Attributes)}")
            .Concat(request.Rejections.Select(one => $"{one.Element} {one.Action} {one.Reason} {one.Uuid} {Of(one.Field)} {Of(one.Explanation)} {one.OfElement}"));
        return $"{request.ReceivedAt} {request.Refusal} {request.ReceivedEvents} {Of(request.CustomerId)} {request.Names.Count}\n" + string.Join('\n', lines);
    }
}
