"""Encodes Spark types and values as JSON without loss; test/spark/encoded.ts describes the form."""

import json
import math
from collections.abc import Callable
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.types import (
    ArrayType,
    AtomicType,
    BinaryType,
    BooleanType,
    DataType,
    DecimalType,
    FractionalType,
    IntegralType,
    MapType,
    NullType,
    StringType,
    StructField,
    StructType,
)

Encode = Callable[[Any], Any]


def type_of(of: DataType) -> Any:
    """A name such as `decimal(10,2)`, or an object for an array, a map or a struct."""
    if isinstance(of, ArrayType):
        return {"array": type_of(of.elementType)}
    if isinstance(of, MapType):
        return {"map": [type_of(of.keyType), type_of(of.valueType)]}
    if isinstance(of, StructType):
        return {"struct": [[field.name, type_of(field.dataType)] for field in of.fields]}
    return of.simpleString()


def readable(frame: DataFrame) -> DataFrame:
    """Casts dates, timestamps and intervals to text: Python's hold fewer years and depend on the local time zone."""
    types = [field.dataType for field in frame.schema.fields]
    casts = [as_text(of) for of in types]
    if casts == types:
        return frame
    # Result columns may share a name.
    numbered = frame.toDF(*[f"c{index}" for index in range(len(types))])
    return numbered.select([F.col(f"c{index}").cast(cast) for index, cast in enumerate(casts)])


def as_text(of: DataType) -> DataType:
    if isinstance(of, ArrayType):
        return ArrayType(as_text(of.elementType), of.containsNull)
    if isinstance(of, MapType):
        return MapType(as_text(of.keyType), as_text(of.valueType), of.valueContainsNull)
    if isinstance(of, StructType):
        return StructType([StructField(f.name, as_text(f.dataType), f.nullable) for f in of.fields])
    plain = isinstance(of, (BinaryType, BooleanType, FractionalType, IntegralType, StringType))
    return StringType() if isinstance(of, AtomicType) and not plain else of


def encoder(of: DataType) -> Encode:
    """Encodes values of a type as they are collected after `readable`."""
    encode = _encoder(of)
    return lambda value: None if value is None else encode(value)


def _encoder(of: DataType) -> Encode:
    if isinstance(of, ArrayType):
        element = encoder(of.elementType)
        return lambda value: [element(item) for item in value]
    if isinstance(of, MapType):
        key, held = encoder(of.keyType), encoder(of.valueType)
        # The order of a map's entries means nothing.
        return lambda value: sorted(([key(k), held(v)] for k, v in value.items()), key=json.dumps)
    if isinstance(of, StructType):
        return encoder_of_rows(of)
    if isinstance(of, DecimalType):
        # Small decimals arrive with more zeros than their type has.
        return lambda value: format(value, f".{of.scale}f")
    if isinstance(of, FractionalType):
        return _encode_float
    if isinstance(of, IntegralType):
        return str
    if isinstance(of, BinaryType):
        return lambda value: bytes(value).hex()
    if isinstance(of, (BooleanType, NullType)):
        return lambda value: value
    return str


def encoder_of_rows(of: StructType) -> Encode:
    encoders = [encoder(field.dataType) for field in of.fields]
    return lambda row: [encode(value) for encode, value in zip(encoders, row, strict=True)]


def _encode_float(value: float) -> float | str:
    """JSON has no word for NaN and infinity, and a reader may drop the sign of zero."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 and math.copysign(1, value) < 0:
        return "-0.0"
    return value
