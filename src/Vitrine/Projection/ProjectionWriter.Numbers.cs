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

    private int CustomerNumber(int environment, ReadOnlySpan<byte> id)
    {
        var number = _identities.Customers.NumberOf(environment, id, out var isNew);
        if (isNew)
        {
            _tables.Customers.Set(0, number);
            _tables.Customers.Set(1, environment);
            _tables.Customers.SetText(2, id);
            _tables.Customers.EndRow();
        }

        return number;
    }

    private int ClickTargetNumber(int environment, ReadOnlySpan<byte> target)
    {
        var number = _identities.ClickTargets.NumberOf(environment, target, out var isNew);
        if (isNew)
        {
            _tables.ClickTargets.Set(0, number);
            _tables.ClickTargets.Set(1, environment);
            _tables.ClickTargets.SetText(2, target);
            _tables.ClickTargets.EndRow();
        }

        return number;
    }

    private int EventNameNumber(int environment, ReadOnlySpan<byte> name)
    {
        var number = _identities.EventNames.NumberOf(environment, name, out var isNew);
        if (isNew)
        {
            _tables.EventNames.Set(0, number);
            _tables.EventNames.Set(1, environment);
            _tables.EventNames.SetText(2, name);
            _tables.EventNames.EndRow();
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
