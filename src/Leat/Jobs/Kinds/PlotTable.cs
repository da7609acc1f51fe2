using System.Globalization;
using System.Reflection;
using System.Text;

namespace Leat.Jobs;

/// <summary>Writes the data of a plot as a table, so that others can read it: a line for each row, a column for each of its properties or fields.</summary>
internal static class PlotTable
{
    /// <summary>Writes a table. The columns are parted by tabs, or by commas where the path ends with <c>.csv</c>.</summary>
    public static void Write<T>(string path, T data)
    {
        char separator = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? ',' : '\t';
        IEnumerable<object?> rows = data is System.Collections.IEnumerable list and not string ? list.Cast<object?>() : [data];
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        Column[]? columns = null;
        foreach (object? row in rows)
        {
            if (columns is null)
            {
                columns = ColumnsOf(row?.GetType() ?? typeof(object));
                file.WriteLine(string.Join(separator, columns.Select(column => Quote(column.Name, separator))));
            }

            file.WriteLine(string.Join(separator, columns.Select(column => Quote(TextOf(column.Read(row)), separator))));
        }

        // A table without rows has its heading, where the type of the rows is known.
        if (columns is null && RowTypeOf(typeof(T)) is { } type) file.WriteLine(string.Join(separator, ColumnsOf(type).Select(column => column.Name)));
    }

    private static Type? RowTypeOf(Type type) =>
        type.GetInterfaces().Append(type).FirstOrDefault(each => each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];

    private static Column[] ColumnsOf(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type.Namespace == "System" && !IsTuple(type)) return [new Column("value", row => row)];
        Column[] properties = [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.GetIndexParameters().Length == 0 && property.CanRead)
            .Select(property => new Column(property.Name, row => row is null ? null : property.GetValue(row)))];
        Column[] fields = [.. type.GetFields(BindingFlags.Instance | BindingFlags.Public).Select(field => new Column(field.Name, row => row is null ? null : field.GetValue(row)))];
        return properties.Length + fields.Length > 0 ? [.. properties, .. fields] : [new Column("value", row => row)];
    }

    private static bool IsTuple(Type type) => type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) || type.FullName.StartsWith("System.Tuple`", StringComparison.Ordinal);

    private static string TextOf(object? value) => value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value?.ToString() ?? "";

    // RFC 4180 for commas; with tabs, which know no quotes, what would part columns or lines becomes a space.
    private static string Quote(string text, char separator)
    {
        if (!text.AsSpan().ContainsAny([separator, '"', '\n', '\r'])) return text;
        return separator == ','
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text.Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ');
    }

    private sealed record Column(string Name, Func<object?, object?> Read);
}

/// <summary>The action that writes the table of a plot. It counts by the names of this type and its method, which another build of the library keeps, and by the data.</summary>
/// <typeparam name="T">The type of the data.</typeparam>
/// <param name="Data">The job that has the data.</param>
internal sealed record PlotTableAction<T>(CachedJob<T> Data)
{
    public void Write(string path) => PlotTable.Write(path, Data.Value);
}
