namespace Vitrine.Hosting;

/// <summary>Refuses a question with a parameter that nobody reads: a misspelt one would be answered as if it were absent.</summary>
public static class QueryParameters
{
    /// <summary>
    /// Answers 400 to a query parameter that is given twice, or that the handler does not take, naming those that it takes. A handler takes what
    /// its parameters of type string are called, in any case.
    /// </summary>
    public static RouteGroupBuilder RefuseUnknownQueryParameters(this RouteGroupBuilder group) =>
        group.AddEndpointFilterFactory(static (factory, next) =>
        {
            var names = factory.MethodInfo.GetParameters()
                .Where(static parameter => parameter.ParameterType == typeof(string))
                .Select(static parameter => parameter.Name!)
                .ToArray();
            return async invocation => WhyNot(invocation.HttpContext.Request, names) is { } reason
                ? Problem.Result(StatusCodes.Status400BadRequest, reason)
                : await next(invocation);
        });

    private static string? WhyNot(HttpRequest request, string[] names)
    {
        if (request.Query.Count == 0)
        {
            return null;
        }

        var known = names.Where(name => !request.RouteValues.ContainsKey(name)).ToList();
        var unknown = request.Query.Keys.FirstOrDefault(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase));
        var repeated = request.Query.FirstOrDefault(static parameter => parameter.Value.Count > 1).Key;
        return unknown is null ? repeated is null ? null : $"{repeated}: it is given more than once; give it once."
            : known.Count == 0 ? $"'{unknown}' is no query parameter of this endpoint; it takes none."
            : $"'{unknown}' is no query parameter of this endpoint; it takes {string.Join(", ", known)}.";
    }
}
