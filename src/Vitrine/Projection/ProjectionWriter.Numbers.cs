using Vitrine.Journal.Records;

namespace Vitrine.Projection;

internal sealed partial class ProjectionWriter
{
    private int EnvironmentNumber(ReadOnlySpan<byte> id)
    {
        var number = _identities.Environments.NumberOf(0, id, out var isNew);
        if (isNew)
        {
            _tables.Environments.Set(0, number);
            _tables.Environments.SetText(1, id);
            _tables.Environments.EndRow();
        }

        return number;
    }

    private int CustomerNumber(int environment, ReadOnlySpan<byte> id) => Number(_identities.Customers, _tables.Customers, environment, id);

    private int ClickTargetNumber(int environment, ReadOnlySpan<byte> target) => Number(_identities.ClickTargets, _tables.ClickTargets, environment, target);

    private int EventNameNumber(int environment, ReadOnlySpan<byte> name) => Number(_identities.EventNames, _tables.EventNames, environment, name);

    /// <summary>The number of a text of an environment; a new one becomes a row: number, environment, text.</summary>
    private static int Number(Numbering numbering, ChunkAppender rows, int environment, ReadOnlySpan<byte> text)
    {
        var number = numbering.NumberOf(environment, text, out var isNew);
        if (isNew)
        {
            rows.Set(0, number);
            rows.Set(1, environment);
            rows.SetText(2, text);
            rows.EndRow();
        }

        return number;
    }

    private int ContextNumber(int environment, in ExperienceContext context, ReadOnlySpan<byte> record)
    {
        var number = _identities.Contexts.NumberOf(environment, context.Encoded.Of(record), out var isNew);
        if (isNew)
        {
            var cid = context.Cid.Of(record);
            var rows = _tables.Contexts;
            rows.Set(0, number);
            rows.Set(1, environment);
            rows.SetText(2, ExperienceId(cid));
            rows.SetText(3, cid);
            rows.SetText(4, context.Experience.Of(record));
            rows.SetText(5, context.LocaleId.Of(record));
            rows.SetText(6, context.VariationId.Of(record));
            rows.SetText(7, context.AudienceName.Of(record));
            rows.SetText(8, context.AudienceId.Of(record));
            if (context.Type.Present)
            {
                rows.SetText(9, context.Type.Of(record));
            }
            else
            {
                rows.SetNull(9);
            }

            rows.EndRow();
        }

        return number;
    }

    /// <summary>The part of a cid before the first underscore; a cid without one, or that begins with it, is its own id.</summary>
    private static ReadOnlySpan<byte> ExperienceId(ReadOnlySpan<byte> cid) =>
        cid.IndexOf((byte)'_') is > 0 and var end ? cid[..end] : cid;
}
