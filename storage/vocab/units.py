"""Units, their sectors, and the classes of broken promises."""

from enum import StrEnum


class UnitKind(StrEnum):
    """Kinds of units (seed 二): 政府部门, 事业单位, 公共事务组织, 受委托组织."""

    GOVERNMENT = "government"
    INSTITUTION = "institution"
    PUBLIC_AFFAIRS = "public_affairs"
    ENTRUSTED = "entrusted"


class Sector(StrEnum):
    EDUCATION = "education"
    PUBLIC_SECURITY = "public_security"
    TRANSPORT = "transport"
    HOUSING = "housing"
    URBAN_MANAGEMENT = "urban_management"
    HUMAN_RESOURCES = "human_resources"
    NATURAL_RESOURCES = "natural_resources"
    POWER = "power"
    UTILITIES = "utilities"
    HEALTH = "health"
    ECOLOGY = "ecology"
    WATER = "water"
    CIVIL_AFFAIRS = "civil_affairs"
    FINANCE_TAX = "finance_tax"
    COMMERCE_INDUSTRY = "commerce_industry"
    CULTURE_TOURISM = "culture_tourism"
    AGRICULTURE = "agriculture"
    MARKET = "market"
    DISABLED = "disabled"
    DISCIPLINE = "discipline"
    JUSTICE = "justice"
    ORGANIZATION = "organization"
    DEVELOPMENT = "development"
    EMERGENCY = "emergency"
    BUSINESS_ENVIRONMENT = "business_environment"
    GOVERNMENT_SERVICE = "government_service"
    VETERANS = "veterans"
    MEDICAL_INSURANCE = "medical_insurance"
    SCIENCE = "science"
    DISTRICT = "district"


class Breach(StrEnum):
    """Breach classes of seed 四(一); the letters are the mechanism's two groups."""

    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    A9 = "A9"
    B1 = "B1"
    B2 = "B2"
    B3 = "B3"
    B4 = "B4"
    B5 = "B5"
    B9 = "B9"
